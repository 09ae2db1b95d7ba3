"""What is wrong with the content, in words for whoever wrote it."""


class ContentFaulty(Exception):
    """Some content files cannot be used. All their faults are told in one go."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(self.faults)
