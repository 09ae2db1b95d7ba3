"""A polite stop: nothing more is begun, what is in work ends, and the process leaves with 0."""

import asyncio
from pathlib import Path

import httpx

from bot import assembly, cli
from bot.localchat.faults import HoldBefore
from bot.settings import Settings
from tests import builders
from tests.chat.scenes import guest_at, read, unfinished
from tests.chat.test_webhook import free_port
from tests.faults.child import FORKS
from tests.journeys.house import READERS, house


def be_the_bot(settings: Settings) -> None:
    """As `backbeat run` is, until a signal comes."""
    vars(assembly).update(READERS, Places=builders.Atlas)
    cli._until_stopped(lambda stop: assembly.run(settings, stop))


async def test_a_stop_amid_work_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as home, httpx.AsyncClient(trust_env=False, verify=False) as http:
        ada, ben = await guest_at(home), await guest_at(home, name="Ben")
        settings = Settings.model_validate(
            home.settings.model_dump(exclude_unset=True)
            | {
                "telegram_token": home.local.token,
                "telegram_api_url": home.local.page_url,
                "operate_port": free_port(),
                "stop_seconds": 10,
            }
        )
        ready = f"http://127.0.0.1:{settings.operate_port}/readyz"
        process = FORKS.Process(target=be_the_bot, args=(settings,), daemon=True)
        process.start()
        held = home.local.faults.add(HoldBefore(method="sendMessage", chat_id=ada.visitor.id))
        await ada.visitor.say("/help")
        async with asyncio.timeout(20):
            await held.reached.wait()
        assert (await http.get(ready)).json()["ready"] is True

        process.terminate()
        async with asyncio.timeout(10):
            while (told := await http.get(ready)).status_code == 200:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert told.json()["checks"]["work"] == "stopping"
        await ben.visitor.say("/help")
        held.let_go()
        await asyncio.to_thread(process.join, 20)
        assert process.exitcode == 0

        assert unfinished(home) == []
        assert read(home, "SELECT * FROM turn") == []
        assert [
            len([m for m in await p.visitor.messages() if m["by_bot"]]) for p in (ada, ben)
        ] == [
            1,
            0,
        ]
        async with home.bot():  # what was said to nobody waited at Telegram
            await ben.visitor.wait_for("Backbeat keeps")
        assert len([m for m in await ada.visitor.messages() if m["by_bot"]]) == 1
