"""Photos in a real browser: chosen, made smaller, dated, sent; by keys; and without script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.domain.photo_views import HairState, PhotoView
from app.models import HairReview, ProgressPhoto
from tests.support.browser import OpenContext, go_to, sign_in_browser
from tests.support.pictures import HEIC, exif, jpeg, opened
from tests.support.site import Site
from tests.support.watch import Watch
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
    vertex = page.get_by_label("Crown", exact=True)
    vertex.set_input_files(camera)
    expect(page.get_by_text("Ready", exact=True)).to_be_visible()
    expect(page.locator("[data-slot] img")).to_have_count(1)
    sent = vertex.evaluate("(field) => [field.files[0].size, field.files[0].name]")
    assert sent[0] < 2_000_000
    assert sent[1] == "photo.jpg"
    page.get_by_label("Hairline", exact=True).set_input_files(phones_own)
    expect(page.get_by_text("Chosen. No preview available.")).to_be_visible()

    page.get_by_role("button", name="Use that day").click()
    expect(page.get_by_label("Day")).to_have_value("2026-11-14")
    page.get_by_text("Wet", exact=True).click()
    page.get_by_label("Note").fill("bathroom lamp")
    page.get_by_text("Part width and overall change").click()
    page.get_by_label("Part width").fill("6,5")
    page.get_by_label("Compared with your first photos").select_option(label="+1  A little more")
    page.get_by_role("button", name="Save photos").click()
    page.wait_for_url("**/photos?view=frontal&saved=1")

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


def test_the_whole_tile_is_the_target_and_a_chosen_photo_can_be_removed(
    page: Page, camera: Path
) -> None:
    go_to(page, ADDRESS)
    field = page.get_by_label("Crown", exact=True)
    tile = page.locator("[data-slot]").filter(has=field)
    remove = tile.get_by_role("button", name="Remove photo: Crown")
    tile.scroll_into_view_if_needed()
    box = tile.bounding_box()
    assert box is not None
    for across, down in ((0.1, 0.1), (0.9, 0.9)):
        with page.expect_file_chooser() as chosen:
            tile.click(position={"x": across * box["width"], "y": down * box["height"]})
    chosen.value.set_files(camera)
    expect(tile.get_by_text("Ready", exact=True)).to_be_visible()
    picture = tile.locator("img").bounding_box()
    assert picture is not None
    assert picture["width"] * picture["height"] > 0.95 * box["width"] * box["height"]

    remove.click()
    expect(tile.locator("img")).to_have_count(0)
    expect(remove).to_be_hidden()
    expect(field).to_be_focused()
    assert field.evaluate("(field) => field.files.length") == 0


def test_what_the_browser_sends_knows_neither_place_nor_camera(
    page: Page, site: Site, camera: Path
) -> None:
    go_to(page, ADDRESS)
    page.get_by_label("Crown", exact=True).set_input_files(camera)
    expect(page.get_by_text("Ready", exact=True)).to_be_visible()
    read = """async (field) => Array.from(new Uint8Array(await field.files[0].arrayBuffer()))"""
    sent = bytes(page.get_by_label("Crown", exact=True).evaluate(read))

    assert b"EvilCam" not in sent
    assert opened(sent).size == (2_048, 1_536)


def test_a_photo_chosen_and_sent_at_once_is_shrunk_first(
    page: Page, site: Site, camera: Path
) -> None:
    go_to(page, ADDRESS)
    page.get_by_label("Crown", exact=True).set_input_files(camera)
    page.get_by_role("button", name="Save photos").click()
    page.wait_for_url("**/photos?view=vertex&saved=1")

    assert len(rows(site.engine, ProgressPhoto)) == 1


def test_a_form_with_a_bad_photo_says_which_were_kept(
    page: Page, site: Site, camera: Path, tmp_path: Path, watch: Watch
) -> None:
    watch.allow(INVALID)
    bad = tmp_path / "page.jpg"
    bad.write_bytes(b"<!doctype html><script>alert(1)</script>")
    go_to(page, ADDRESS)
    page.get_by_label("Crown", exact=True).set_input_files(camera)
    page.get_by_label("Top", exact=True).set_input_files(bad)
    expect(page.get_by_text("Ready", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save photos").click()

    expect(page.get_by_text("Saved: Crown.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("not a photo Strand can read")
    expect(page.get_by_label("Top", exact=True)).to_have_attribute("aria-invalid", "true")
    assert len(rows(site.engine, ProgressPhoto)) == 1


def test_photos_are_added_changed_and_deleted_without_script(
    open_context: OpenContext, site: Site, person: object, camera: Path
) -> None:
    context = open_context(java_script_enabled=False)
    sign_in_browser(context, site, person)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/days/{TODAY}/log")
    page.get_by_role("link", name="Photo Up to five views").click()
    page.get_by_label("Crown", exact=True).set_input_files(camera)
    page.get_by_role("button", name="Save photos").click()
    page.wait_for_url("**/photos?view=vertex&saved=1")

    page.locator(".shot__link").first.click()
    page.get_by_label("Note").fill("after the haircut")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("figure")).to_contain_text("after the haircut")
    page.get_by_role("link", name="Delete photo").click()
    page.get_by_role("button", name="Delete photo").click()
    page.wait_for_url("**/photos?deleted=*")
    expect(page.get_by_text("No photos yet")).to_be_visible()
    assert rows(site.engine, ProgressPhoto) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("figure")).to_contain_text("after the haircut")


def test_photos_are_added_and_changed_by_keys(page: Page, site: Site, camera: Path) -> None:
    # Asked for only once the key is pressed, the browser may have opened a chooser of its own.
    page.on("filechooser", lambda _chooser: None)
    go_to(page, ADDRESS)
    chooser = page.get_by_label("Crown", exact=True)
    tab_to(page, chooser)
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(camera)
    expect(page.get_by_text("Ready", exact=True)).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Dry"))
    page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Save photos"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos?view=vertex&saved=1")
    assert rows(site.engine, ProgressPhoto)[0].hair is HairState.WET

    tab_to(page, page.locator(".shot__link").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Crown")).to_be_visible()
    tab_to(page, page.get_by_label("Note"))
    page.keyboard.type("by keys")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("figure")).to_contain_text("by keys")
