"""A program that asks a server for integrations and tells what its answers cost in memory: `hungry_client.py URL list|get N`.

Prints the peak of Python's memory in MiB, without what the modules take, and the summaries of the errors that it met.
"""

from __future__ import annotations

import sys
import threading
import tracemalloc

from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.errors import ImmutaError
from immuta_provider.api.http.settings import Settings
from immuta_provider.api.integrations.routes import Integrations


def main(url: str, call: str, number: int) -> None:
    client = Integrations(HttpClient(Settings(url, api_key="key", max_retries=0, max_concurrency=number)))
    outcomes = set()

    def ask(id: int) -> None:
        try:
            client.list() if call == "list" else client.get(str(id))
            outcomes.add("no error")
        except ImmutaError as error:
            outcomes.add(error.summary)

    # The modules come with the first request.
    ask(0)
    outcomes.clear()
    client.invalidate()
    tracemalloc.start()
    threads = [threading.Thread(target=ask, args=(id,)) for id in range(1, number + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(tracemalloc.get_traced_memory()[1] // 2**20, *sorted(outcomes), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
