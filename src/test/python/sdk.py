"""Browserbase's own SDK for Python: one journey each, reported as one line of JSON."""

import json
import os
import sys
import time
from datetime import datetime, timezone

from browserbase import APIStatusError, Browserbase
from playwright.sync_api import sync_playwright

PROJECT = "default"


def client(**options):
    return Browserbase(api_key=os.environ["HEARTH_API_KEY"], base_url=os.environ["HEARTH_URL"], **options)


def claim(bb, **terms):
    """As a patient client does: the SDK itself comes again when it was told to."""
    return bb.with_options(max_retries=20).sessions.create(project_id=PROJECT, **terms)


def ended(bb, session):
    """The session once it is over; its own ended_at tells since when, whatever the polls take."""
    end = time.monotonic() + 30
    while True:
        last = time.monotonic() > end
        now = bb.sessions.retrieve(session.id)
        if now.status != "RUNNING":
            return now
        if last:
            raise AssertionError(f"still {now.status} after 30 s")
        time.sleep(0.05)


def status_of(call):
    try:
        call()
        return 0
    except APIStatusError as refused:
        return refused.status_code


def keep_alive(playwright):
    bb = client()
    session = claim(bb, keep_alive=True)
    browser = playwright.chromium.connect_over_cdp(session.connect_url)
    browser.contexts[0].pages[0].evaluate("document.title = 'kept'")
    browser.close()
    again = playwright.chromium.connect_over_cdp(session.connect_url)
    title = again.contexts[0].pages[0].title()
    again.close()
    still = bb.sessions.retrieve(session.id).status
    first = bb.sessions.update(session.id, status="REQUEST_RELEASE", project_id=PROJECT)
    second = bb.sessions.update(session.id, status="REQUEST_RELEASE", project_id=PROJECT)
    return {"title": title, "still": still, "released": first.status, "again": second.status}


def disconnect(playwright):
    bb = client()
    session = claim(bb)
    browser = playwright.chromium.connect_over_cdp(session.connect_url)
    browser.contexts[0].pages[0].title()
    left = datetime.now(timezone.utc)
    browser.close()
    over = ended(bb, session)
    return {"status": over.status, "millis": int((over.ended_at - left).total_seconds() * 1000)}


def timeouts(playwright):
    bb = client()
    session = claim(bb, keep_alive=True, api_timeout=61)
    seconds = (session.expires_at - session.started_at).total_seconds()
    bb.sessions.update(session.id, status="REQUEST_RELEASE")
    return {"seconds": seconds, "refused": status_of(lambda: bb.sessions.create(api_timeout=21601))}


def rest(playwright):
    """Listing, projects and their use, live URLs."""
    bb = client()
    mark = str(time.time())
    session = claim(bb, keep_alive=True, user_metadata={"run": {"id": mark}})
    query = f"user_metadata['run']['id']:'{mark}'"
    found = bb.sessions.list(q=query, status="RUNNING")
    debug = bb.sessions.debug(session.id, expires_in=300)
    project = bb.projects.retrieve(PROJECT)
    usage = bb.projects.usage(PROJECT)
    bb.sessions.update(session.id, status="REQUEST_RELEASE")
    return {
        "found": [one.id == session.id for one in found],
        "metadata": found[0].user_metadata,
        "gone": len(bb.sessions.list(q=query, status="RUNNING")),
        "over": len(bb.sessions.list(q=query, status="COMPLETED")),
        "malformed": status_of(lambda: bb.sessions.list(q="run = 1")),
        "pages": len(debug.pages),
        "fullscreen": debug.debugger_fullscreen_url,
        "project": project.id,
        "projects": len(bb.projects.list()),
        "minutes": usage.browser_minutes,
        "proxyBytes": usage.proxy_bytes,
    }


def main():
    journeys = {"keep-alive": keep_alive, "disconnect": disconnect, "timeouts": timeouts, "rest": rest}
    with sync_playwright() as playwright:
        print(json.dumps(journeys[sys.argv[1]](playwright)))


main()
