"""Identifiers rise, are UUIDv7, and differ between a process and its children."""

import os
import uuid

from cellkit.ids import uuid7


def test_ids_rise_and_are_of_version_7() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {item.version for item in made} == {7}
    assert {item.variant for item in made} == {uuid.RFC_4122}
    assert uuid.UUID(str(made[0])) == made[0]


def test_a_child_does_not_give_out_its_parents_random_bytes() -> None:
    uuid7()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 16)[8:] != uuid7().bytes[8:]
    os.close(reading)
    os.close(writing)
