"""Polls feeds as a Python program does: aiohttp fetches 64 at a time, feedparser
reads, a set knows which entries are new. Two passes; prints the feeds a second of
the first and of the second, and how many entries are known."""
import asyncio
import sys
import time

import aiohttp
import feedparser


async def poll(session, url, known):
    async with session.get(url) as answer:
        body = await answer.read()
    for entry in feedparser.parse(body).entries:
        known.add((url, entry.get("id") or entry.get("link")))


async def run_pass(session, urls, known):
    waiting = iter(urls)

    async def work():
        for url in waiting:
            await poll(session, url, known)

    start = time.monotonic()
    await asyncio.gather(*(work() for _ in range(64)))
    return len(urls) / (time.monotonic() - start)


async def main():
    urls = [f"{sys.argv[1]}{number}.xml" for number in range(int(sys.argv[2]))]
    known = set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        first = await run_pass(session, urls, known)
        again = await run_pass(session, urls, known)
    print(f"{first:.1f} {again:.1f} {len(known)}")


asyncio.run(main())
