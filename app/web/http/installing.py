"""The files with which a browser installs Strand: the manifest and the service worker."""

import hashlib
import json
from functools import cache
from typing import Any

from app.i18n import _, current
from app.web.http.assets import Assets
from app.web.http.paths import Paths

BACKGROUND = "#faf9f5"
BRAND = "#0f5c47"
WORKER = "js/worker.js"
# Not cached: files that only another device or the installer requests.
LEFT_OUT = ("icons/app-", "icons/apple-", "pictures/", WORKER)


def manifest(assets: Assets, paths: Paths) -> dict[str, Any]:
    """Return the manifest. Its id never changes: another id would be another app."""
    today = paths("show_today")
    return {
        "id": today,
        "name": "Strand",
        "short_name": "Strand",
        "description": _("A private log of what you take for your hair, and what changes."),
        "lang": current().code,
        "start_url": today,
        "scope": today,
        "display": "standalone",
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "background_color": BACKGROUND,
        "theme_color": BRAND,
        "icons": [
            {"src": assets.url("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(assets, name, size) for name, size in (("app", 192), ("app", 512))),
            {**_icon(assets, "app-maskable", 512), "purpose": "maskable"},
            {**_icon(assets, "app-monochrome", 512), "purpose": "monochrome"},
        ],
        "shortcuts": [
            {"name": _("Log doses"), "url": today},
            {"name": _("How was today?"), "url": f"{today}#check-in"},
            {"name": _("Count hairs"), "url": paths("index_shedding")},
            {"name": _("Photo"), "url": paths("index_photos")},
        ],
        "share_target": {
            "action": paths("share_photo"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "photo", "accept": ["image/*"]}]},
        },
        "screenshots": [
            _screenshot(assets, "today", "390x844", "narrow", _("Today: one tap logs a dose")),
            _screenshot(assets, "trends", "1280x800", "wide", _("A week of doses and outcomes")),
        ],
    }


def worker_source(assets: Assets, paths: Paths) -> str:
    """Return the worker with the files it caches. The result is cached: it is the same for all."""
    return _worker_source(assets, tuple(sorted(paths.formats.items())))


@cache
def _worker_source(assets: Assets, paths: tuple[tuple[str, str], ...]) -> str:
    address = dict(paths)
    shell = [
        assets.stylesheet_url,
        *(assets.words_url(code) for code in assets.words),
        *(assets.url(path) for path in assets.digests if not path.startswith(LEFT_OUT)),
        address["show_offline"],
    ]
    told = {
        "release": assets.release,
        "root": assets.root,
        "offline": address["show_offline"],
        "plan": address["show_offline_plan"],
        "today": address["show_today"],
        "signIn": address["new_sign_in"],
        "share": address["share_photo"],
        "photos": address["index_photos"],
        "shown": address["note_reminder_shown"],
        "snooze": address["snooze_reminder"],
        "icon": assets.url("icons/app-192.png"),
        "badge": assets.url("icons/app-monochrome-512.png"),
        "shell": shell,
    }
    source = assets.plain_texts[WORKER].decode().replace('"./', f'"{assets.root}/static/js/')
    name = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:10]
    return f"const TOLD = {json.dumps({**told, 'name': name})}\n{source}"


def _icon(assets: Assets, name: str, size: int) -> dict[str, str]:
    url = assets.url(f"icons/{name}-{size}.png")
    return {"src": url, "sizes": f"{size}x{size}", "type": "image/png"}


def _screenshot(assets: Assets, name: str, size: str, form: str, label: str) -> dict[str, str]:
    url = assets.url(f"pictures/{name}.png")
    return {"src": url, "sizes": size, "type": "image/png", "form_factor": form, "label": label}
