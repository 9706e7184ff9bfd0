"""Files over HTTP: upload, binding, rights, ranges, versions, purge."""

from __future__ import annotations

import asyncio
import hashlib
import os
import uuid
from typing import Any

import pytest
from contents import pdf, png, upload, uploaded

from cellkit.files.store import FileStore
from cellkit.testing.cells import Api


async def asset(api: Api, **values: Any) -> dict[str, Any]:
    answer = await api.post("/assets", {"name": "水泵", **values})
    assert answer.status == 201, answer.body.decode()
    return answer.json


async def test_an_upload_is_read_back_by_its_uploader_alone(api: Api) -> None:
    content = os.urandom(700_000)
    answer = await upload(api, "../图 纸.dat", content)
    assert answer.status == 201
    assert answer.json["name"] == "图 纸.dat"
    assert answer.json["sha256"] == hashlib.sha256(content).hexdigest()
    place = answer.headers["location"]
    read = await api.get(place)
    assert read.body == content
    assert read.headers["content-length"] == "700000"
    assert read.headers["x-content-type-options"] == "nosniff"
    assert read.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in read.headers["content-security-policy"]
    for other in (api.as_user(), api.tenant_b):
        assert (await other.get(place)).status == 404
        assert (await other.get(f"/_files?ids={answer.json['id']}")).json["items"] == []
        assert (await other.delete(place)).status == 404


async def test_a_form_is_taken_as_well(api: Api) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
        + '--x\r\nContent-Disposition: form-data; name="file"; filename="合同.pdf"\r\n'.encode()
        + b"Content-Type: text/html\r\n\r\n" + pdf() + b"\r\n--x--\r\n"
    )  # fmt: skip
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await api.call("POST", "/_files", body, headers=headers)
    assert (answer.status, answer.json["name"], answer.json["media_type"]) == (201, "合同.pdf", "application/pdf")
    shown = await api.get(f"/_files/{answer.json['id']}")
    assert shown.body == pdf()
    assert shown.headers["content-disposition"].startswith("inline;")
    assert (
        (await api.get(f"/_files/{answer.json['id']}?download=true")).headers["content-disposition"].startswith("att")
    )
    without = await api.call("POST", "/_files", b"--x--\r\n", headers=headers)
    assert without.status == 400


async def test_a_repeated_upload_is_one_file_and_equal_contents_are_stored_once(api: Api, cell_app: Any) -> None:
    content = os.urandom(5000)
    first = await upload(api, "a.dat", content, request_id="up-1")
    again = await upload(api, "a.dat", content, request_id="up-1")
    assert again.json == first.json
    assert again.headers["idempotent-replay"] == "true"
    assert (await upload(api, "b.dat", content, request_id="up-1")).status == 409
    other = await uploaded(api, "b.dat", content)
    assert other != first.json["id"]
    assert len(_objects(cell_app, api)) == 1
    assert (await api.get("/_files/_usage")).json == {"bytes": 5000, "quotaBytes": None}


async def test_ranges_and_conditions(api: Api) -> None:
    content = bytes(range(256)) * 8
    identity = await uploaded(api, "a.dat", content)
    path = f"/_files/{identity}"
    part = await api.call("GET", path, headers={"range": "bytes=10-19"})
    assert (part.status, part.body, part.headers["content-range"]) == (206, content[10:20], "bytes 10-19/2048")
    tail = await api.call("GET", path, headers={"range": "bytes=-5"})
    assert tail.body == content[-5:]
    beyond = await api.call("GET", path, headers={"range": "bytes=5000-"})
    assert (beyond.status, beyond.json["code"], beyond.headers["content-range"]) == (
        416, "RANGE_NOT_SATISFIABLE", "bytes */2048",
    )  # fmt: skip
    tag = part.headers["etag"]
    assert (await api.call("GET", path, headers={"if-none-match": tag})).status == 304
    changed = await api.call("GET", path, headers={"range": "bytes=0-1", "if-range": '"other"'})
    assert (changed.status, changed.body) == (200, content)


async def test_a_field_takes_files_when_the_document_is_saved(api: Api) -> None:
    paper = await uploaded(api, "手册.pdf", pdf(), field="depot.asset.papers")
    photo = await uploaded(api, "泵.png", png())
    near = await uploaded(api, "近.png", png(10, 10))
    made = await asset(api, papers=[paper], photo=photo, photos=[{"note": "近景", "picture": near}])
    assert made["papers"] == [paper]
    reader = api.as_user(["depot.asset.read"])
    assert (await reader.get(f"/_files/{paper}")).body == pdf()
    listed = (await reader.get(f"/assets/{made['id']}/_files")).json["items"]
    assert {(item["field"], item["name"]) for item in listed} == {
        ("papers", "手册.pdf"), ("photo", "泵.png"), ("photos.picture", "近.png"),
    }  # fmt: skip
    elsewhere = await api.post("/assets", {"name": "另一台", "papers": [paper]})
    assert elsewhere.status == 422
    assert elsewhere.json["details"][0]["field"] == "papers"
    missing = await api.post("/assets", {"name": "x", "photos": [{"picture": str(uuid.uuid4())}]})
    assert missing.json["details"][0]["field"] == "photos[0].picture"
    stranger = await uploaded(api.as_user(), "他人.pdf", pdf())
    assert (await api.post("/assets", {"name": "x", "papers": [stranger]})).status == 422
    refused = await reader.delete(f"/_files/{paper}")
    assert (refused.status, refused.json["code"]) == (409, "CONFLICT")


async def test_a_fields_limits_hold_at_upload_and_at_saving(api: Api) -> None:
    text = await upload(api, "a.txt", b"hello", field="depot.asset.papers")
    assert (text.status, text.json["details"][0]["rule"]) == (422, "file_type")
    large = await upload(api, "a.pdf", pdf() + os.urandom(300_000), field="depot.asset.papers")
    assert (large.status, large.json["code"]) == (413, "PAYLOAD_TOO_LARGE")
    later = await uploaded(api, "b.pdf", pdf() + os.urandom(300_000))
    saved = await api.post("/assets", {"name": "x", "papers": [later]})
    assert (saved.status, saved.json["details"][0]["rule"]) == (422, "max_size")
    many = await api.post("/assets", {"name": "x", "papers": [str(uuid.uuid4()) for _ in range(4)]})
    assert many.json["details"][0]["rule"] == "max_items"
    assert (await upload(api, "a.pdf", b"MZ\x90program")).status == 415
    assert (await upload(api, "a.pdf", b"")).status == 400
    assert (await upload(api, "a.pdf", pdf(), field="depot.asset.nothing")).status == 400
    assert (await upload(api, "a.pdf", pdf(), wrong="1")).status == 400


async def test_a_file_is_read_with_its_document_and_field_only(api: Api) -> None:
    paper, photo = await uploaded(api, "a.pdf", pdf()), await uploaded(api, "b.png", png())
    made = await asset(api, papers=[paper], photo=photo)
    hidden = api.as_user(["depot.asset.*"], field_rules={"depot.asset.papers": "hide", "depot.asset.photo": "mask"})
    for identity in (paper, photo):
        assert (await hidden.get(f"/_files/{identity}")).status == 404
        assert (await hidden.get(f"/_files/{identity}/preview")).status == 404
    assert (await hidden.get(f"/_files?ids={paper},{photo}")).json["items"] == []
    assert (await hidden.get(f"/assets/{made['id']}/_files")).json["items"] == []
    own_only = api.as_user(["depot.asset.*"], scope="self")
    assert (await own_only.get(f"/_files/{paper}")).status == 404
    assert (await own_only.get(f"/assets/{made['id']}/_files")).status == 404
    none = api.as_user(["depot.plain.*"])
    assert (await none.get(f"/_files/{paper}")).status == 404
    assert (await none.get(f"/assets/{made['id']}/_files")).status == 403
    assert (await api.tenant_b.get(f"/_files/{paper}")).status == 404
    assert (await upload(api.as_user(["depot.plain.read"]), "a.pdf", pdf())).status == 403


async def test_a_file_of_the_same_name_is_a_new_version(api: Api) -> None:
    first = await uploaded(api, "图纸.pdf", pdf())
    made = await asset(api, papers=[first])
    second = await uploaded(api, "图纸.pdf", pdf() + b"\n%2")
    changed = await api.patch(f"/assets/{made['id']}", {"version": made["version"], "papers": [second]})
    assert changed.status == 200, changed.body
    current = (await api.get(f"/assets/{made['id']}/_files")).json["items"]
    assert [(item["id"], item["version"]) for item in current] == [(second, 2)]
    every = (await api.get(f"/assets/{made['id']}/_files?versions=true")).json["items"]
    assert [(item["version"], item["state"]) for item in every] == [(2, "current"), (1, "superseded")]
    assert (await api.get(f"/_files/{first}")).body == pdf()
    back = await api.patch(f"/assets/{made['id']}", {"version": changed.json["version"], "papers": []})
    assert back.status == 200
    assert (await api.get(f"/_files/{second}")).status == 404


async def test_attachments_of_any_document(api: Api) -> None:
    plain = (await api.post("/plains", {"name": "合同"})).json
    path = f"/plains/{plain['id']}/_files"
    first, other = await uploaded(api, "扫描.pdf", pdf()), await uploaded(api, "备注.txt", "备注".encode())
    answer = await api.post(path, {"files": [first, other]}, request_id="attach-1")
    assert [item["name"] for item in answer.json["items"]] == ["备注.txt", "扫描.pdf"]
    assert (await api.post(path, {"files": [first, other]}, request_id="attach-1")).json == answer.json
    assert (await api.post(path, {"files": [first]})).status == 422
    second = await uploaded(api, "扫描.pdf", pdf() + b"2")
    assert (await api.post(path, {"files": [second]})).json["items"][0]["version"] == 2
    assert {item["id"] for item in (await api.get(path)).json["items"]} == {second, other}
    reader = api.as_user(["depot.plain.read"])
    assert (await reader.post(path, {"files": [second]})).status == 403
    assert (await reader.delete(f"/_files/{second}")).status == 403
    assert (await api.delete(f"/_files/{second}")).status == 204
    assert (await api.get(f"/_files/{second}")).status == 404
    actions = [item["action"] for item in (await api.get("/_audit", entity_id=plain["id"])).json["items"]]
    assert actions[:2] == ["depot.file.delete", "depot.plain.attach"]
    assert (await api.post(path, {"files": "x"})).status == 422
    assert (await api.post(f"/plains/{uuid.uuid4()}/_files", {"files": [second]})).status == 404


async def test_files_go_with_their_documents_and_loose_ones_after_a_day(api: Api, cell_app: Any, clock: Any) -> None:
    kept, lost, loose = [await uploaded(api, f"{name}.pdf", pdf() + name.encode()) for name in ("a", "b", "c")]
    await asset(api, papers=[kept])
    doomed = await asset(api, papers=[lost])
    assert len(_objects(cell_app, api)) == 3
    assert (await api.delete(f"/assets/{doomed['id']}")).status == 204
    assert (await api.get(f"/_files/{lost}")).status == 404
    keeping = cell_app.files
    await keeping.purge()
    assert len(_objects(cell_app, api)) == 3
    clock.advance(hours=25)
    await keeping.purge()
    assert (await api.get(f"/_files/{loose}")).status == 404
    assert len(_objects(cell_app, api)) == 2
    clock.advance(days=31)
    await keeping.purge()
    assert len(_objects(cell_app, api)) == 1
    assert (await api.get(f"/_files/{kept}")).status == 200
    assert (await api.get("/_files/_usage")).json["bytes"] == len(pdf()) + 1


async def test_what_a_killed_process_left_is_swept(api: Api, cell_app: Any, clock: Any) -> None:
    await uploaded(api, "a.pdf", pdf())
    folder = cell_app.files.store.settings.folder
    name = uuid.uuid4().hex
    left = folder / "objects" / api.tenant_id / name[-2:] / name
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")
    part = folder / "incoming" / "upload-x"
    part.write_bytes(b"half")
    assert await cell_app.files.sweep() == 0
    clock.advance(hours=30)
    await cell_app.files.sweep()
    assert not left.exists()
    assert not part.exists()
    assert len(_objects(cell_app, api)) == 1


async def test_contents_are_private_on_the_disk(api: Api, cell_app: Any) -> None:
    await uploaded(api, "a.pdf", pdf())
    [place] = _objects(cell_app, api)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o077 == 0


async def test_pictures_of_files(api: Api) -> None:
    picture, paper = await uploaded(api, "a.png", png(900, 600)), await uploaded(api, "b.pdf", pdf())
    text, bomb = await uploaded(api, "c.txt", b"words"), await uploaded(api, "d.png", _bomb())
    for identity in (picture, paper):
        shown = await api.get(f"/_files/{identity}/preview?size=small")
        assert (shown.status, shown.headers["content-type"]) == (200, "image/webp")
        assert max(_size(shown.body)) == 160
        again = await api.call(
            "GET", f"/_files/{identity}/preview?size=small", headers={"if-none-match": shown.headers["etag"]}
        )
        assert again.status == 304
    for identity in (text, bomb):
        assert (await api.get(f"/_files/{identity}/preview")).json["code"] == "NO_PREVIEW"
    assert (await api.get(f"/_files/{picture}/preview?size=huge")).status == 400


def _size(content: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    return Image.open(io.BytesIO(content)).size


def _bomb() -> bytes:
    """A picture of 40,000 by 40,000 points in its header."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


async def test_a_full_disk_is_told_and_leaves_nothing(api: Api, cell_app: Any) -> None:
    import resource
    import signal

    usual = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, limits[1]))
    try:
        full = await upload(api, "a.dat", bytes(21_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, usual)
    assert (full.status, full.json["code"]) == (507, "STORAGE_FULL")
    assert "文件存储空间不足" in full.json["message"]
    store: FileStore = cell_app.files.store
    assert list((store.settings.folder / "incoming").glob("*")) == []
    assert _objects(cell_app, api) == []
    assert (await upload(api, "a.dat", b"small")).status == 201


async def test_uploads_together_do_not_pass_a_quota(api: Api, cell_app: Any) -> None:
    store: FileStore = cell_app.files.store
    object.__setattr__(store.settings, "quotas", {uuid.UUID(api.tenant_id): 25_000})
    try:
        answers = await asyncio.gather(*(upload(api, f"{place}.dat", os.urandom(10_000)) for place in range(4)))
    finally:
        object.__setattr__(store.settings, "quotas", {})
    assert sorted(answer.status for answer in answers) == [201, 201, 422, 422]
    assert {answer.json["code"] for answer in answers if answer.status == 422} == {"FILE_QUOTA_EXCEEDED"}
    assert len(_objects(cell_app, api)) == 2
    assert (await api.get("/_files/_usage")).json["bytes"] == 20_000


async def test_every_route_is_described_and_told_to_the_web(api: Api, cell_app: Any) -> None:
    paths = (await api.get("/openapi.json")).json["paths"]
    for method, route in cell_app.router.routes:
        if "_files" in route:
            assert method.lower() in paths[route], route
    meta = (await api.get("/api/v1/depot/_meta")).json
    assert meta["files"]["path"] == "/api/v1/depot/_files"
    fields = {field["name"]: field for entity in meta["entities"] for field in entity["fields"]}
    assert fields["papers"]["max_count"] == 3
    assert fields["papers"]["kind"] == "files"


def _objects(cell_app: Any, api: Api) -> list[Any]:
    folder = cell_app.files.store.settings.folder / "objects" / api.tenant_id
    return [path for path in folder.glob("*/*") if path.is_file()]


@pytest.fixture(autouse=True)
def _no_leftovers(cell_app: Any) -> Any:
    yield
    assert list((cell_app.files.store.settings.folder / "incoming").glob("*")) == []
