"""The demo scene: a real face that moves and changes its expression, with the truth about both. Pure."""

from livecam.sources.demo_scene.portrait import DEMO_NOTICE, load_portrait
from livecam.sources.demo_scene.scene import DemoScene, SceneTruth, TrueFace
from livecam.sources.demo_scene.script import PERIOD

__all__ = ["DEMO_NOTICE", "PERIOD", "DemoScene", "SceneTruth", "TrueFace", "load_portrait"]
