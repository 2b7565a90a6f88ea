"""Who has not shown the key, who comes from elsewhere, who sends too much: nothing is seen, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from perfxl.outputs import safe_name
from perfxl.serve import uploads
from perfxl.serve.app import PAGES
from perfxl.serve.security import is_known, known_hosts
from perfxl.serve.uploads import clean_name
from support.pile import bad
from support.visitor import HERE, Visitor, serving


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("desk"), officers=True) as visitor:
        yield visitor


@pytest.fixture
def stranger(visitor: Visitor) -> TestClient:
    """Another browser, without a cookie."""
    return TestClient(visitor.client.app, base_url=HERE)


def addresses() -> list[tuple[str, str]]:
    found = []
    for name in PAGES:
        for method, address, _ in import_module(f"perfxl.serve.pages.{name}").PAGES:
            found.append(
                (method, address.replace("{identity}", "x").replace("{name:path}", "x").replace("{form}", "x"))
            )
    return found


@pytest.mark.parametrize(("method", "address"), addresses())
def test_without_the_key_there_is_nothing(stranger: TestClient, method: str, address: str) -> None:
    answer = stranger.request(method, address)
    if address == "/check":
        assert answer.status_code in {200, 400, 415}
    elif address == "/key":
        assert answer.status_code in {403, 415}
    else:
        assert answer.status_code in {401, 403}, answer.text
        assert "密钥" in answer.text


def test_the_key_gives_a_cookie_that_no_script_reads(visitor: Visitor, stranger: TestClient) -> None:
    assert stranger.get("/", params={"key": "wrong"}).status_code == 403
    answer = stranger.get("/returns", params={"key": visitor.desk.keyring.key, "a": "b&c"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert visitor.desk.keyring.key not in cookie
    assert visitor.desk.keyring.key not in answer.text
    assert 'content="0;url=/returns?a=b%26c"' in answer.text
    assert stranger.get("/returns").status_code == 200


def test_the_key_may_be_typed(visitor: Visitor, stranger: TestClient) -> None:
    assert stranger.post("/key", data={"key": "wrong"}).status_code == 403
    assert stranger.post("/key", data={"key": visitor.desk.keyring.key}).status_code == 200
    assert stranger.get("/").status_code == 200


def test_the_key_leads_nowhere_else(visitor: Visitor, stranger: TestClient) -> None:
    answer = stranger.get(f"{HERE}//elsewhere.example/", params={"key": visitor.desk.keyring.key})
    assert "elsewhere" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8300", "127.0.0.1.evil.example", "", "[", "10.0.0.1"])
def test_another_name_for_this_server_is_not_answered(visitor: Visitor, host: str) -> None:
    assert visitor.client.get("/", headers={"host": host}).status_code in {400, 421}


def test_hosts() -> None:
    everywhere, here = known_hosts("0.0.0.0"), known_hosts("127.0.0.1")  # noqa: S104 - said, not listened at
    assert is_known("10.1.2.3:8300", everywhere)
    assert is_known("[::1]:8300", here)
    assert is_known("LOCALHOST", here)
    assert not is_known("10.1.2.3:8300", here)
    assert not is_known("evil.example", everywhere)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:8301"},
    ],
)
def test_a_form_of_another_site_changes_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    data = {"token": visitor.token}
    answer = visitor.client.post("/returns/again", data=data, headers=headers)
    assert answer.status_code == 403
    assert visitor.client.post("/check", files={"file": ("甲.xlsx", bad())}, headers=headers).status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "密"])
def test_a_form_without_our_token_changes_nothing(visitor: Visitor, token: str) -> None:
    answer = visitor.client.post("/returns", data={"token": token}, files={"file": ("甲.xlsx", bad())})
    assert answer.status_code == 403
    assert not list(visitor.desk.workspace.returned.iterdir())
    assert not list(visitor.desk.workspace.root.glob(".perfxl-*"))


def test_a_token_is_another_browser_s_as_little_as_a_cookie(visitor: Visitor, stranger: TestClient) -> None:
    stranger.get("/", params={"key": visitor.desk.keyring.key})
    assert stranger.post("/returns/again", data={"token": visitor.token}).status_code == 403


def test_every_answer_keeps_the_browser_careful(visitor: Visitor, stranger: TestClient) -> None:
    for answer in (visitor.get("/returns"), stranger.get("/"), visitor.get("/static/style.css"), visitor.get("/none")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["..%2f..%2fvisit.py", "../desk.py", "serve.css/../../x", "nothing.js", "%00"])
def test_only_the_files_of_pages_are_given(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/static/{name}").status_code in {403, 404}


@pytest.mark.slow
@given(st.text(max_size=60))
def test_a_name_never_leads_out(claimed: str) -> None:
    name = clean_name(claimed)
    for part in name.split("/"):
        assert part
        assert part not in {".", ".."}
        assert safe_name(part) == part
    assert not Path(name).is_absolute()


@pytest.mark.parametrize(
    ("claimed", "clean"),
    [
        ("C:\\表\\..\\甲.xlsx", "C_/表/甲.xlsx"),
        ("../../etc/passwd", "etc/passwd"),
        ("/甲.xlsx", "甲.xlsx"),
        ("..", "_"),
        ("con", "_con"),
    ],
)
def test_names_as_they_are_cleaned(claimed: str, clean: str) -> None:
    assert clean_name(claimed) == clean


def test_a_file_over_the_limit_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    with serving(tmp_path) as visitor:
        answer = visitor.post("/returns", files=[("大.xlsx", bytes(50_000_001)), ("甲.xlsx", bad())])
        assert "“大.xlsx”超过允许的 50 MB，没有收下" in answer.text
        assert visitor.latest()["counts"] == {"退回": 1}
        assert [path.name for path in (tmp_path / "交回").iterdir()] == ["甲.xlsx"]
        assert not list(tmp_path.glob(".perfxl-*"))


def test_what_is_typed_has_an_end(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.post("/returns/again", {"x": "字" * 400_000}).status_code == 413
    answer = visitor.client.post("/returns/again", files={"token": (None, "字" * 400_000)})
    assert answer.status_code == 413
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    assert visitor.post("/returns", files=[(f"{number}.xlsx", b"") for number in range(3)]).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x", ""])
def test_what_is_no_form_is_refused(visitor: Visitor, kind: str) -> None:
    answer = visitor.client.post("/returns", content=b"--y\r\nnonsense", headers={"content-type": kind})
    assert answer.status_code in {400, 403, 415}
