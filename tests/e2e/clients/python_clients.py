#!/usr/bin/python3
"""Clients that nobody here wrote, against the simulated platforms.

Debian's python3-mastodon and python3-feedparser read every account of a
simulated day, page by page; what they find is compared with the simulator's own
plan, after the day, when nothing moves any more.

usage: python_clients.py PLEDGEWATCH
"""
import datetime
import json
import re
import subprocess
import sys
import tempfile
import time

import feedparser
import mastodon

DAY_SECONDS = 60


class Simulator:
    """The simulator as a child process, with its plan."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [program, "simulate", "-o", folder, "--seed", "7", "--accounts", "60",
             "--day", str(DAY_SECONDS)],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"at (http://\S+), .* to (\S+Z),", line)
        if not found:
            raise SystemExit("no simulator: " + line)
        self.base = found.group(1)
        self.end = datetime.datetime.fromisoformat(found.group(2).replace("Z", "+00:00"))
        with open(folder + "/plan.json", encoding="utf-8") as plan:
            self.plan = json.load(plan)

    def accounts(self, platform):
        return [a for a in self.plan["accounts"] if a["platform"] == platform]

    def wait(self):
        """Until the day is over and nothing happens any more."""
        now = datetime.datetime.now(datetime.timezone.utc)
        time.sleep(max(0, (self.end - now).total_seconds()) + 20)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def standing(account):
    """Ids of the planned posts that nobody took down."""
    return {post["id"] for post in account["posts"] if not post["deleted_at"]}


def gone(account):
    return {post["id"] for post in account["posts"] if post["deleted_at"]}


def read_mastodon(base, account):
    """All statuses of an account, by Mastodon.py's own paging; None: no such account."""
    name, host = account["handle"].split("@")
    client = mastodon.Mastodon(api_base_url=base + "/mastodon/" + host,
                               ratelimit_method="throw", version_check_mode="none")
    try:
        found = client.account_lookup(name)
        page = client.account_statuses(found["id"], limit=40)
    except mastodon.MastodonNotFoundError:
        return None
    statuses = list(page)
    while page and (page := client.fetch_next(page)):
        statuses.extend(page)
    for status in statuses:
        assert isinstance(status["created_at"], datetime.datetime), status
        assert str(status["account"]["id"]) == str(found["id"]), status
    ids = [str(status["id"]) for status in statuses]
    assert len(ids) == len(set(ids)), "a status was listed twice"
    return set(ids)


def read_feed(base, account):
    """Ids of a feed's entries by feedparser; None where the site answers no feed."""
    name = account["handle"].rsplit("/", 1)[1]
    parsed = feedparser.parse(base + "/feed/" + name)
    if parsed.get("status") != 200 or not parsed.version:
        return None
    # A site that names no charset in its header is US-ASCII to the letter of RFC
    # 3023, and UTF-8 to everybody who reads it.
    fault = parsed.get("bozo_exception")
    assert not parsed.bozo or isinstance(fault, feedparser.CharacterEncodingOverride), fault
    return {entry.get("id", entry.get("link")) for entry in parsed.entries}


def compare(platform, account, read, counts):
    counts["accounts"] += 1
    if read is None:
        counts["unreadable"] += 1
        return
    counts["items"] += len(read)
    missing = standing(account) - read
    # The list of a suspended account is 200 and empty (Mastodon's own behaviour).
    if account["role"] == "suspended" and not read:
        counts["unreadable"] += 1
        return
    # A list may be capped: what fell off its end is in nobody's answer.
    if platform == "feed" and len(read) >= 20:
        missing = set()
    back = gone(account) & read
    if missing or back:
        counts["failed"] += 1
        print(f"{platform} {account['handle']} ({account['role']}): "
              f"missing {sorted(missing)}, deleted but listed {sorted(back)}")


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        simulator = Simulator(program, folder)
        failed = 0
        try:
            simulator.wait()
            for platform, read in (("mastodon", read_mastodon), ("feed", read_feed)):
                counts = dict(accounts=0, unreadable=0, items=0, failed=0)
                for account in simulator.accounts(platform):
                    compare(platform, account, read(simulator.base, account), counts)
                print(f"{platform}: {counts}")
                failed += counts["failed"]
                assert counts["items"] > 0, platform
        finally:
            simulator.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
