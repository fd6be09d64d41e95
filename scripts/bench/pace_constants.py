"""Which cut and which recovery a throttling service rewards: how the constants of pacing.py were chosen.

Run as `.venv/bin/python scripts/bench/pace_constants.py`; in virtual time, so it takes a second. A cell is
the share of the answers that the quota allows, and throttled calls per second.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from livecam import pacing

LATENCY, REFUSED_AFTER = 0.34, 0.03
"""Seconds until an answer, and until a refusal."""
CUTS = (0.5, 0.6, 0.7, 0.8, 0.9)
RECOVERIES = (0.01, 0.02, 0.03, 0.05, 0.1)


@dataclass
class Service:
    """A token bucket."""

    name: str
    quota: float
    """Calls per second."""
    burst: float
    fine: float = 0.0
    """Tokens that a refused call costs."""
    _tokens: float = 0.0
    _at: float = 0.0

    def fill(self) -> None:
        """Begin with a full bucket."""
        self._tokens, self._at = self.burst, 0.0

    def answers(self, now: float) -> bool:
        """Return whether a call at instant `now` is answered."""
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.quota)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return True
        self._tokens = max(self._tokens - self.fine, -self.burst)
        return False


SERVICES = (
    (5.0, Service("2.5/s, burst 3", 2.5, 3.0)),
    (5.0, Service("2.5/s, burst 3, refused calls count by half", 2.5, 3.0, fine=0.5)),
    (5.0, Service("2.5/s, burst 1", 2.5, 1.0)),
    (5.0, Service("1/s, burst 3", 1.0, 3.0)),
    (5.0, Service("4.5/s, burst 3", 4.5, 3.0)),
    (20.0, Service("5/s, burst 5", 5.0, 5.0)),
)


def run(service: Service, asked: float, seconds: float) -> tuple[float, float]:
    """Return the share of the allowed answers that came, and throttled calls per second."""
    service.fill()
    pace = pacing.Pace(asked)
    under_way: list[tuple[float, float, bool]] = []
    at, answered, throttled = 0.0, 0, 0
    while at < seconds:
        is_answered = service.answers(at)
        answered, throttled = answered + is_answered, throttled + (not is_answered)
        heapq.heappush(under_way, (at + (LATENCY if is_answered else REFUSED_AFTER), at, is_answered))
        due_at = at + 1.0 / pace.rate
        while under_way and under_way[0][0] <= due_at:
            now, sent_at, is_answer = heapq.heappop(under_way)
            if is_answer:
                pace.succeeded()
            else:
                pace.throttled(sent_at, now)
                due_at = max(now, at + 1.0 / pace.rate)
        at = due_at
    return answered / (service.quota * seconds + service.burst), throttled / seconds


def main() -> None:
    """Print a table per service and length."""
    for asked, service in SERVICES:
        for seconds in (12.0, 60.0):
            print(f"\n{service.name}; {asked:g}/s asked, {seconds:g} s\n")
            print("| cut | " + " | ".join(f"+{recovery:g}" for recovery in RECOVERIES) + " |")
            print("|---" * (1 + len(RECOVERIES)) + "|")
            for cut in CUTS:
                cells = []
                for recovery in RECOVERIES:
                    pacing.CUT, pacing.RECOVERY = cut, recovery
                    share, throttles = run(service, asked, seconds)
                    cells.append(f"{share:.2f}, {throttles:.2f}/s")
                print(f"| x{cut:g} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
