"""Carrying out `livecam bench latency`: the plan, the questions, the calls, and what is told of them."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import sys
from typing import TYPE_CHECKING, Any

from livecam.errors import LivecamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from livecam.bench.latency.figures import Findings
    from livecam.bench.latency.measuring import Outcome
    from livecam.bench.latency.open_loop import Ending
    from livecam.bench.latency.pictures import Pictures
    from livecam.bench.latency.plan import Plan
    from livecam.bench.latency.plan_text import Charge
    from livecam.bench.latency.request import Request
    from livecam.bench.latency.samples import Machine, Run
    from livecam.compose.latency_bench import Target
    from livecam.config import Settings

OUTPUTS = {"save": "--save", "csv": "--csv", "html": "--html"}
SETTINGS = ("profile", "endpoint_url", "prices")
"""Parameters that are settings of a run too."""
NOT_A_REQUEST = (*OUTPUTS, *SETTINGS, "sources", "dry_run", "yes", "as_json", "verbose", "quiet", "debug")
WIDTH = 100
"""Columns where the output is no terminal."""
LEAST_WIDTH = 60

log = logging.getLogger(__name__)


def perform(params: Mapping[str, Any]) -> int:
    """Measure as a command's parameters say, print and write what was found, and return the exit code.

    Raises:
        LivecamError: nothing could be measured, or a file could not be written.
    """
    from livecam import local_only, logs
    from livecam.bench.latency.flags import request_from
    from livecam.clock import SystemClock
    from livecam.compose import latency_bench
    from livecam.config import load_settings

    local_only.refuse("livecam bench latency")
    logs.configure(verbosity=-1 if params["quiet"] else 2 if params["debug"] else params["verbose"])
    texts = {name: value for name, value in params.items() if name not in NOT_A_REQUEST}
    request = request_from(params["sources"] or (), texts)
    settings = load_settings({name: params[name] for name in SETTINGS})
    outputs = {flag: params[name] for name, flag in OUTPUTS.items() if params[name] is not None}
    latency_bench.require_writable(outputs, request.sources)
    _require_packages(has_page=params["html"] is not None)
    targets = latency_bench.targets_of(request, settings)
    found = latency_bench.pictures_of(request, settings, SystemClock())
    with contextlib.ExitStack() as stack:
        pictures: Pictures = (
            stack.enter_context(found) if isinstance(found, contextlib.AbstractContextManager) else found
        )
        return _perform(request, settings, targets, pictures, params)


def _perform(
    request: Request,
    settings: Settings,
    targets: Sequence[Target],
    pictures: Pictures,
    params: Mapping[str, Any],
) -> int:
    """Tell the plan, and carry it out unless that is all that was asked for."""
    from livecam.bench.latency.plan import plan_of
    from livecam.bench.latency.plan_text import plan_lines, plan_record
    from livecam.compose.latency_bench import charge_of

    plan = plan_of(request, request.conditions(tuple(target.region for target in targets)))
    charge = charge_of(settings, targets)
    if params["dry_run"]:
        record = plan_record(plan, pictures.shown, charge)
        lines = [*plan_lines(plan, pictures.shown, charge), "nothing was sent and nothing was charged"]
        print(*([json.dumps(record)] if params["as_json"] else lines), sep="\n", flush=True)
        return 0
    must_ask = bool(charge.price_usd) and not params["yes"]
    if must_ask or not params["quiet"]:
        print(*plan_lines(plan, pictures.shown, charge), sep="\n", file=sys.stderr, flush=True)
    require_budget(plan, charge, request.budget)
    _require_agreement(request, targets, plan, charge, is_agreed=params["yes"])
    run, code = _measured(request, plan, targets, pictures, charge, params)
    return _told(run, request, params, code)


def require_budget(plan: Plan, charge: Charge, budget: float | None) -> None:
    """Refuse a plan that costs more than it may.

    Raises:
        UsageError: it does; names both sums.
    """
    from livecam.pricing import nano

    cost = charge.of(plan.calls)
    if budget is not None and nano(cost) > nano(budget):
        raise UsageError(  # to the last digit: what is given then must be enough
            f"--budget {budget:g} is too small: {plan.calls} calls cost ${cost:.9g}; give that, or fewer"
            " conditions or --calls"
        )


def _require_agreement(
    request: Request, targets: Sequence[Target], plan: Plan, charge: Charge, *, is_agreed: bool
) -> None:
    """Return when pictures may be sent and paid for."""
    from livecam.cli.consent import asker
    from livecam.compose import Permission
    from livecam.compose.latency_bench import require_permission, source_name

    require_permission(request, targets, Permission(yes=is_agreed, asker=asker), source_name(request))
    if charge.price_usd and not is_agreed:
        _ask(plan.calls, charge.of(plan.calls))


def _ask(calls: int, cost: float) -> None:
    from livecam.pricing import dollars

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"these {calls} calls cost {dollars(cost)}: agree with --yes, or run this in a terminal"
        )
    print(f"Make {calls} calls for {dollars(cost)}? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("nothing was sent, as you did not agree to the price; fewer --calls cost less")


def _measured(
    request: Request,
    plan: Plan,
    targets: Sequence[Target],
    pictures: Pictures,
    charge: Charge,
    params: Mapping[str, Any],
) -> tuple[Run, int]:
    """Make the calls; return what was measured and the exit code."""
    from livecam.bench.latency.machine import this_machine
    from livecam.bench.latency.measuring import Measurement
    from livecam.bench.latency.open_loop import Ending
    from livecam.cli.consent import asker
    from livecam.cli.latency_progress import latency_progress
    from livecam.clock import SystemClock
    from livecam.compose import Permission
    from livecam.compose.latency_bench import detectors_for

    clock, ending = SystemClock(), Ending()
    permission = Permission(yes=params["yes"], asker=asker)
    detectors, make_client = detectors_for(request, plan.conditions, targets, clock, permission)
    machine = this_machine(clock, endpoint_url=targets[0].own_endpoint)
    is_shown = not (params["quiet"] or params["debug"] or params["verbose"])
    with latency_progress(is_shown=is_shown, seconds=plan.seconds) as on_progress, _signals(ending) as codes:
        outcome = Measurement(
            plan=plan,
            pictures=pictures,
            detectors=detectors,
            make_client=make_client,
            clock=clock,
            ending=ending,
            deadline=request.deadline,
            price_usd=charge.price_usd,
            on_progress=on_progress,
        ).run()
    run = _run_of(request, plan, pictures, charge, machine, outcome)
    return run, codes[0] if codes else exit_code(run)


def exit_code(run: Run) -> int:
    """Return 0 of a run that came to its end and has an answer that counts, else 1."""
    has_answer = any(each.phase == "measured" and each.is_ok for each in run.samples)
    return int(run.ended != "complete" or not has_answer)


def _run_of(
    request: Request, plan: Plan, pictures: Pictures, charge: Charge, machine: Machine, outcome: Outcome
) -> Run:
    from livecam.bench.latency.samples import Run

    return Run(
        machine=machine,
        conditions=plan.conditions,
        pictures=pictures.shown,
        samples=outcome.samples,
        planned_calls=plan.calls,
        seed=request.seed,
        clients=outcome.clients,
        price_usd=charge.price_usd,
        price_note=charge.note,
        cost_usd=outcome.cost_usd,
        ended=outcome.ended,
    )


def _told(run: Run, request: Request, params: Mapping[str, Any], code: int) -> int:
    """Print and write what was measured; return the exit code."""
    from livecam.bench.latency.histogram import for_encoding
    from livecam.bench.latency.measuring import INTERRUPTED
    from livecam.bench.latency.record import as_record
    from livecam.bench.latency.statistics import find
    from livecam.bench.latency.table import table_lines

    if not run.samples:
        why = "it was interrupted" if run.ended == INTERRUPTED else run.ended
        print(f"livecam: nothing was measured: {why}", file=sys.stderr)
        return code
    try:
        findings = find(run, within=request.within, least_agreement=request.agreement)
    except BaseException:  # Ctrl-C among them: the calls were paid, and figures can be made again of them
        _keep(run, params["save"])
        raise
    record = json.dumps(as_record(run, findings))
    try:
        _write(run, findings, record, params)
    finally:
        if params["as_json"]:
            print(record, flush=True)
        elif any(each.phase == "measured" for each in run.samples):
            width = max(shutil.get_terminal_size((WIDTH, 0)).columns, LEAST_WIDTH)
            lines = for_encoding(table_lines(run, findings, width), sys.stdout.encoding)
            print(*lines, sep="\n", flush=True)
        if run.ended != "complete":
            print(f"livecam: ended early: {run.ended}", file=sys.stderr)
    return code


def _keep(run: Run, path: Path | None) -> None:
    """Write the calls without figures, which `livecam bench compare` reads as well."""
    from livecam.bench.latency.record import SCHEMA, as_json
    from livecam.whole_file import write_whole

    if path is not None:
        record = json.dumps({"schema": SCHEMA, **as_json(run), "findings": None})
        write_whole(path, f"{record}\n".encode())
        print(f"livecam: the calls are kept without figures: {path}", file=sys.stderr)


def _write(run: Run, findings: Findings, record: str, params: Mapping[str, Any]) -> None:
    """Write all files that were asked for; what goes wrong with one keeps none of the others back."""
    from livecam.bench.latency.page import write_page
    from livecam.bench.latency.record import samples_csv
    from livecam.whole_file import write_whole

    failed: list[LivecamError] = []

    def attempt(name: str, write: Any) -> None:  # noqa: ANN401  what writes to a path
        path: Path | None = params[name]
        if path is None:
            return
        try:
            write(path)
        except LivecamError as error:
            failed.append(error)
        else:
            log.info("written: %s", path)
            if not params["quiet"]:
                print(f"written: {path}", file=sys.stderr)

    attempt("save", lambda path: write_whole(path, f"{record}\n".encode()))
    attempt("csv", lambda path: write_whole(path, samples_csv(run).encode("utf-8", "backslashreplace")))
    attempt("html", lambda path: write_page(run, findings, path))
    for error in failed[1:]:
        log.error("%s", error)
    if failed:
        raise failed[0]


@contextlib.contextmanager
def _signals(ending: Ending) -> Any:  # noqa: ANN401  a context of the exit codes
    """Let Ctrl-C, SIGTERM and a terminal that closes end the measurement, not the process.

    A second one ends that at once.

    Yields the exit code once one has come.
    """
    import signal
    import threading

    from livecam.bench.latency.measuring import INTERRUPTED

    codes: list[int] = []

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        codes.append(128 + number)
        # From a thread: this one may hold the lock of the very event that is set.
        threading.Thread(target=ending.end, args=(INTERRUPTED,), daemon=True).start()

    numbers = [signal.SIGINT, signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)  # not on every system
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:  # as nohup has it
        numbers.append(hangup)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield codes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_packages(*, has_page: bool) -> None:
    """Check for what is needed after the calls, before they are paid.

    Raises:
        MissingDependency: a package is not installed; the sentence holds the line that installs it.
    """
    from livecam.bench.inline_svg import require_matplotlib
    from livecam.bench.latency.bootstrap import require_scipy

    require_scipy()
    if has_page:
        require_matplotlib()
