"""Watch a source beside other asyncio work, and tell what happens to it.

Usage: async_monitor.py [SOURCE] [SECONDS]
"""

import asyncio

import typer

import livecam
from livecam.events import Event, SourceRecovered, SourceTroubled


def tell(event: Event) -> None:
    """Say when the source is in trouble, and when it is well again."""
    match event:
        case SourceTroubled(message=message):
            print("trouble:", message)
        case SourceRecovered(lasted=lasted):
            print(f"well again after {lasted:.1f} s")


async def watch(source: str, seconds: float) -> None:
    """Count the pictures with a face on them."""
    with_face = 0
    async with livecam.open_monitor(source, duration=seconds, listeners=[tell]) as monitor:
        print(f"{monitor.info.description}: {monitor.info.width}x{monitor.info.height}")
        async for picture in monitor:
            with_face += bool(picture.faces)
            await asyncio.sleep(0)  # whatever else the program does; the newest picture waits
    summary = monitor.summary()
    print(f"{with_face} of {summary['frames']['displayed']} pictures with a face, {monitor.skipped} skipped")


def main(source: str = "demo", seconds: float = 10.0) -> None:
    """Count the pictures with a face on them."""
    asyncio.run(watch(source, seconds))


if __name__ == "__main__":
    typer.run(main)
