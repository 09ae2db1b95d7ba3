"""What the bot counts of itself, for Prometheus. No label tells who somebody is, or what anybody answered.

The rooms count here, whatever their floor; `/metrics` shows it.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_LATENESS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 10800)

DUE = Gauge("backbeat_due", "Letters that are due and not over.", registry=REGISTRY)
LATENESS = Histogram(
    "backbeat_lateness_seconds",
    "From when a letter was due to when Telegram had it.",
    ("kind",),
    buckets=_LATENESS,
    registry=REGISTRY,
)
OVER = Counter(
    "backbeat_letters_total",
    "Letters by what became of them.",
    ("kind", "outcome"),
    registry=REGISTRY,
)
HALTS = Counter(
    "backbeat_halts_total", "Times that Telegram told the bot to wait.", registry=REGISTRY
)
HALTED = Gauge("backbeat_halt_seconds", "How long the newest halt was to last.", registry=REGISTRY)
UPDATES = Counter(
    "backbeat_updates_total", "Updates by how they came in.", ("way",), registry=REGISTRY
)
INTAKE_LAG = Histogram(
    "backbeat_intake_lag_seconds",
    "From when an update was stored to when it was processed.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
HANDLER_FAULTS = Counter(
    "backbeat_handler_faults_total", "Updates whose handler failed.", registry=REGISTRY
)
DATABASE_TIME = Histogram(
    "backbeat_database_seconds",
    "A unit of work, from its first statement to its end.",
    ("way",),  # look, or work
    buckets=_SECONDS,
    registry=REGISTRY,
)
SENDING = Gauge(
    "backbeat_sender", "1 where this process is the one that sends letters.", registry=REGISTRY
)
