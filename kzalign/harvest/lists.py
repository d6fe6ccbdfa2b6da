"""Following a list to its end: resumption tokens, lists begun anew, lists without an end."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from oaipmh_scythe.exceptions import BadResumptionToken, NoRecordsMatch, OAIPMHException

from kzalign.config import HarvestConfig
from kzalign.harvest.protocol import Client
from kzalign.harvest.shelf import Listed, Shelf, Window
from kzalign.harvest.web import Unanswered

IDLE = 3
"""Pages in a row without a new record after which a list is taken for endless."""

DAY = re.compile(r"^\d{4}-\d\d-\d\d")

Tell = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and how much there is where that is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What following a list gave: `problem` is empty where it went to its end; `cut` says that a limit stopped it."""

    prefix: str
    set_: str
    given: int
    problem: str = ""
    cut: bool = False


def window_of(listed: Listed, asked: Window, overlap_days: int) -> Window:
    """Returns what to ask for: what the user says, else what is new since the last run that went to its end."""
    if asked.since or asked.until or not listed.mark:
        return asked
    return Window(day_before(listed.mark, overlap_days), "")


def day_before(date: str, days: int) -> str:
    """Returns the day so many days before a date; empty for what is no date."""
    if not DAY.match(date):
        return ""
    try:
        return (datetime.date.fromisoformat(date[:10]) - datetime.timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return ""


def follow(
    client: Client, shelf: Shelf, listed: Listed, asked: Window, config: HarvestConfig, limit: int | None, tell: Tell
) -> Outcome:
    """Fetches a list to its end, from where an earlier run stopped if that asked for the same; every page is kept at once.

    What the server refuses is in the outcome; raises what Web raises where it does not answer.
    """
    window = window_of(listed, asked, config.overlap_days)
    if not listed.token or listed.window != window:
        _begin(shelf, listed, window)
    what = f"{listed.prefix} {listed.set_}".rstrip()
    given = restarts = idle = 0
    seen: set[str] = set()
    while True:
        token = listed.token
        try:
            page = client.page(listed.prefix, listed.set_, listed.window.since, listed.window.until, token)
        except NoRecordsMatch:
            _end(shelf, listed)
            return Outcome(listed.prefix, listed.set_, given)
        except BadResumptionToken as error:
            if not token or restarts >= config.retries:
                return Outcome(listed.prefix, listed.set_, given, f"its resumption tokens are refused ({error})")
            restarts += 1
            _begin(shelf, listed, listed.window)
            seen.clear()
            continue
        except OAIPMHException as error:
            return Outcome(listed.prefix, listed.set_, given, f"the server says {error}")
        listed.date = listed.date or page.date
        listed.token = page.token
        fresh = shelf.keep(listed, page)
        given += fresh
        tell(what, given, page.size)
        if not page.token:
            _end(shelf, listed)
            return Outcome(listed.prefix, listed.set_, given)
        idle = 0 if fresh else idle + 1
        if problem := _endless(page.token, seen, idle, given, config):
            listed.token, listed.listing = "", 0
            shelf.save(listed)
            return Outcome(listed.prefix, listed.set_, given, problem)
        seen.add(page.token)
        if limit is not None and given >= limit:
            return Outcome(listed.prefix, listed.set_, given, cut=True)


def _endless(token: str, seen: set[str], idle: int, given: int, config: HarvestConfig) -> str:
    """Returns why the list is taken for one without an end; empty where it is not."""
    if idle and token in seen:
        return "the same resumption token again, and no new record"
    if idle >= IDLE:
        return f"resumption tokens without end: {idle} pages in a row gave no new record"
    if given >= config.max_records:
        return f"more than harvest.max_records = {config.max_records} records"
    return ""


def _begin(shelf: Shelf, listed: Listed, window: Window) -> None:
    listed.window, listed.token, listed.date = window, "", ""
    shelf.begin(listed)


def _end(shelf: Shelf, listed: Listed) -> None:
    """Notes that all before a date is there: the list's own first date, or its end if that is earlier; never a gap."""
    reached = min(filter(None, (listed.date, listed.window.until)), default="")
    gap = bool(listed.mark) and listed.window.since[:10] > listed.mark[:10]
    if DAY.match(reached) and not gap:
        listed.mark = max(listed.mark, reached)
    listed.token, listed.listing, listed.date = "", 0, ""
    shelf.save(listed)


__all__ = ["Outcome", "Tell", "Unanswered", "Window", "follow"]
