"""Print what each face appears to express, as it changes."""

import typer

import livecam


def main(source: str = "demo", seconds: float = 20.0) -> None:
    """Watch a source for a while."""
    said: dict[int, str] = {}
    for picture in livecam.watch(source, duration=seconds, annotated=False):
        for face in picture.faces:
            words = f"appears {face.emotion.lower()}" if face.emotion else "unclear"
            if said.get(face.track_id) != words:
                said[face.track_id] = words
                print(f"{picture.frame.media_time:6.2f} s  face {face.track_id}  {words}", flush=True)


if __name__ == "__main__":
    typer.run(main)
