"""One PostgreSQL cluster for a whole test run, shared by all its workers (a pytest plugin).

The process that collects the run starts it: without workers on first use, with pytest-xdist before the first worker,
so that no worker's end can take the server away from the others.
"""

from __future__ import annotations

from typing import Any

import pytest

from cellkit.testing.postgres import Cluster

_cluster = pytest.StashKey[Cluster]()
_WORKER_INPUT = "cellkit_postgres"


def cluster_of(config: pytest.Config) -> Cluster:
    """The run's cluster; started when nobody has."""
    cluster = config.stash.get(_cluster, None)
    if cluster is None:
        given = getattr(config, "workerinput", {}).get(_WORKER_INPUT)
        cluster = Cluster().start() if given is None else Cluster.attach(given)
        config.stash[_cluster] = cluster
    return cluster


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a new worker where the cluster is (pytest-xdist, in the collecting process)."""
    node.workerinput[_WORKER_INPUT] = cluster_of(node.config).description()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster that this process started."""
    cluster = config.stash.get(_cluster, None)
    if cluster is not None:
        cluster.stop()


@pytest.fixture(scope="session")
def postgres_cluster(pytestconfig: pytest.Config) -> Cluster:
    """The run's PostgreSQL cluster."""
    return cluster_of(pytestconfig)
