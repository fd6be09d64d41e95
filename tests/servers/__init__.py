"""Real servers of streams on loopback, for the tests: started, killed, frozen and started again."""

from tests.servers.process import Server, free_port, mjpeg_server, rtsp_server, unanswering_port

__all__ = ["Server", "free_port", "mjpeg_server", "rtsp_server", "unanswering_port"]
