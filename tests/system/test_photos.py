"""Photos in a real browser: chosen, made smaller, dated, sent; by keys; and without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.domain.photo_views import HairState, PhotoView
from app.models import HairReview, ProgressPhoto
from tests.rigs.browser import OpenContext, go_to, sign_in_browser
from tests.rigs.pictures import HEIC, exif, jpeg, opened
from tests.rigs.site import Site
from tests.rigs.watch import Watch
from tests.system.conftest import TODAY, rows
from tests.system.test_keyboard import tab_to

ADDRESS = f"/days/{TODAY}/photos/new"
INVALID = "422 (Unprocessable"


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A large photo of 14 November, straight from a camera."""
    path = tmp_path / "IMG_0001.jpg"
    path.write_bytes(jpeg(3_000, 4_000, exif=exif(orientation=6)))
    return path


def test_chosen_photos_are_shown_shrunk_dated_and_kept(
    page: Page, site: Site, camera: Path, tmp_path: Path
) -> None:
    phones_own = tmp_path / "IMG_0002.HEIC"
    phones_own.write_bytes(HEIC)
    go_to(page, ADDRESS)
    vertex = page.get_by_label("Vertex")
    vertex.set_input_files(camera)
    expect(page.get_by_text("Ready")).to_be_visible()
    expect(page.locator("[data-slot] img")).to_have_count(1)
    sent = vertex.evaluate("(field) => [field.files[0].size, field.files[0].name]")
    assert sent[0] < 2_000_000
    assert sent[1] == "photo.jpg"
    page.get_by_label("Frontal").set_input_files(phones_own)
    expect(page.get_by_text("Goes up as it is")).to_be_visible()

    page.get_by_role("button", name="Use that day").click()
    expect(page.get_by_label("Day")).to_have_value("2026-11-14")
    page.get_by_text("Wet", exact=True).click()
    page.get_by_label("Note").fill("bathroom lamp")
    page.get_by_text("Part width and change").click()
    page.get_by_label("Part width").fill("6,5")
    page.get_by_label("Compared with your first photos").select_option(label="+1  A little more")
    page.get_by_role("button", name="Keep the photos").click()
    page.wait_for_url("**/photos?view=frontal")

    kept = {row.view: row for row in rows(site.engine, ProgressPhoto)}
    assert kept.keys() == {PhotoView.FRONTAL, PhotoView.VERTEX}
    for row in kept.values():
        assert (str(row.on), row.hair, row.note) == ("2026-11-14", HairState.WET, "bathroom lamp")
    assert (kept[PhotoView.VERTEX].width, kept[PhotoView.VERTEX].height) == (2_048, 1_536)
    review = rows(site.engine, HairReview)[0]
    assert (review.part_width_mm, review.global_change) == (6.5, 1)
    picture = page.locator(".shot__picture").first
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64


def test_what_the_browser_sends_knows_neither_place_nor_camera(
    page: Page, site: Site, camera: Path
) -> None:
    go_to(page, ADDRESS)
    page.get_by_label("Vertex").set_input_files(camera)
    expect(page.get_by_text("Ready")).to_be_visible()
    read = """async (field) => Array.from(new Uint8Array(await field.files[0].arrayBuffer()))"""
    sent = bytes(page.get_by_label("Vertex").evaluate(read))

    assert b"EvilCam" not in sent
    assert opened(sent).size == (2_048, 1_536)


def test_a_photo_chosen_and_sent_at_once_is_shrunk_first(
    page: Page, site: Site, camera: Path
) -> None:
    go_to(page, ADDRESS)
    page.get_by_label("Vertex").set_input_files(camera)
    page.get_by_role("button", name="Keep the photos").click()
    page.wait_for_url("**/photos?view=vertex")

    assert len(rows(site.engine, ProgressPhoto)) == 1


def test_a_form_with_a_bad_photo_says_which_were_kept(
    page: Page, site: Site, camera: Path, tmp_path: Path, watch: Watch
) -> None:
    watch.allow(INVALID)
    bad = tmp_path / "page.jpg"
    bad.write_bytes(b"<!doctype html><script>alert(1)</script>")
    go_to(page, ADDRESS)
    page.get_by_label("Vertex").set_input_files(camera)
    page.get_by_label("Mid-scalp").set_input_files(bad)
    expect(page.get_by_text("Ready")).to_be_visible()
    page.get_by_role("button", name="Keep the photos").click()

    expect(page.get_by_text("Kept: Vertex.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("no photo that can be read")
    expect(page.get_by_label("Mid-scalp")).to_have_attribute("aria-invalid", "true")
    assert len(rows(site.engine, ProgressPhoto)) == 1


def test_photos_are_added_changed_and_deleted_without_script(
    open_context: OpenContext, site: Site, person: object, camera: Path
) -> None:
    context = open_context(java_script_enabled=False)
    sign_in_browser(context, site, person)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/days/{TODAY}/log")
    page.get_by_role("link", name="Photo Up to five views").click()
    page.get_by_label("Vertex").set_input_files(camera)
    page.get_by_role("button", name="Keep the photos").click()
    page.wait_for_url("**/photos?view=vertex")

    page.locator(".shot__link").first.click()
    page.get_by_label("Note").fill("after the haircut")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("figure")).to_contain_text("after the haircut")
    page.get_by_role("link", name="Delete the photo").click()
    page.get_by_role("button", name="Delete the photo").click()
    page.wait_for_url("**/photos")
    expect(page.get_by_text("No photos yet")).to_be_visible()
    assert rows(site.engine, ProgressPhoto) == []


def test_photos_are_added_and_changed_by_keys(page: Page, site: Site, camera: Path) -> None:
    # Asked for only once the key is pressed, the browser may have opened a chooser of its own.
    page.on("filechooser", lambda _chooser: None)
    go_to(page, ADDRESS)
    chooser = page.get_by_label("Vertex")
    tab_to(page, chooser)
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(camera)
    expect(page.get_by_text("Ready")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Dry"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Keep the photos"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos?view=vertex")
    assert rows(site.engine, ProgressPhoto)[0].hair is HairState.WET

    tab_to(page, page.locator(".shot__link").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vertex")).to_be_visible()
    tab_to(page, page.get_by_label("Note"))
    page.keyboard.type("by keys")
    tab_to(page, page.get_by_role("button", name="Keep it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("figure")).to_contain_text("by keys")
