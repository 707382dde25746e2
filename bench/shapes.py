"""What is asked, in our grammar, of the stock viewset, and of PostgreSQL itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bench.numbers import coupon_id
from bench.scene import Scene, moment

USES = (
    "SELECT id, created_at, coupon_id, booking_id FROM coupon_uses WHERE organization_id = '{organization}' AND {live}"
)
LIVE = "(state = 'redeemed' OR expires_at > now())"
NEWEST = "coupon_uses?select=*&order=created_at.desc&limit=100"
BODY = "SELECT coalesce(json_agg(answer.*), '[]') FROM ({rows}) AS answer"


@dataclass(frozen=True)
class Shape:
    """`stock` is None where a stock viewset has no such thing, `sql` where there is no one statement."""

    name: str
    ours: str
    stock: str | None = None
    sql: str | None = None
    prefer: str = ""


def shapes(scene: Scene) -> list[Shape]:
    one = coupon_id(5)
    newest = _uses(scene, "ORDER BY created_at DESC, coupon_id DESC, booking_id DESC LIMIT {limit}")
    many = ",".join(scene.many)
    return [
        Shape(
            "list of 100 uses",
            "coupon_uses?select=*&order=created_at.desc&limit=100",
            "uses/?limit=100",
            newest(limit=100),
        ),
        Shape("one by key", f"coupons?id=eq.{one}&limit=1", f"coupons/{one}/", _coupon(scene, f"id = '{one}'")),
        Shape(
            "list of 1,000 uses",
            "coupon_uses?select=*&order=created_at.desc&limit=1000",
            "uses/?limit=1000",
            newest(limit=1000),
        ),
        Shape(
            "filter, order, 20",
            f"coupon_uses?coupon_id=eq.{one}&order=created_at.desc&limit=20",
            f"uses/?coupon={one}&limit=20",
            _uses(scene, "AND coupon_id = '{coupon}' ORDER BY created_at DESC, booking_id DESC LIMIT 20")(coupon=one),
        ),
        Shape("exact count", "coupon_uses?limit=1", None, None, prefer="count=exact"),
        Shape("estimated count", "coupon_uses?limit=1", None, None, prefer="count=estimated"),
        Shape("planned count", "coupon_uses?limit=1", None, None, prefer="count=planned"),
        Shape("to-one embed of 100", "coupon_uses?select=*,coupons(code)&order=created_at.desc&limit=100"),
        Shape("to-many embed of 20 x 50", f"coupons?select=id,code,coupon_uses(*)&id=in.({many})"),
        Shape(
            "exact code",
            "coupons?code=eq.CODE7&limit=1",
            "coupons/?code=CODE7&limit=1",
            _coupon(scene, "code = 'CODE7'"),
        ),
        Shape("10,000 rows deep by keyset", f"{NEWEST}&{_after(scene)}"),
        Shape("10,000 rows deep by offset", f"{NEWEST}&offset=10000"),
    ]


def botsubscription(scene: Scene) -> Shape:
    return Shape("BotSubscription list of 50", f"/botsubscription/v2/projects/{scene.organization_id}/coupons?limit=50")


def _uses(scene: Scene, rest: str) -> Callable[..., str]:
    rows = USES.format(organization=scene.organization_id, live=LIVE) + " " + rest
    return lambda **values: BODY.format(rows=rows.format(**values))


def _coupon(scene: Scene, condition: str) -> str:
    return BODY.format(
        rows=f"SELECT * FROM coupons WHERE organization_id = '{scene.organization_id}' AND {condition} LIMIT 1"
    )


def _after(scene: Scene) -> str:
    """The filters of the page that begins after 10,000 uses, as a client that pages by key writes them."""
    deep = max(scene.sizes.each().uses - 10_000, 100)
    bound = quote(moment(deep), safe="")
    last = f"and(created_at.eq.%22{bound}%22,coupon_id.lt.%22{coupon_id(deep % scene.coupons)}%22)"
    return f"created_at=lte.{bound}&or=(created_at.lt.%22{bound}%22,{last})"


def growing(scene: Scene) -> list[Shape]:
    """What must not grow with the number of uses, and the exact count, which must."""
    flat = (
        "list of 100 uses",
        "one by key",
        "filter, order, 20",
        "10,000 rows deep by keyset",
        "planned count",
        "estimated count",
    )
    return [shape for shape in shapes(scene) if shape.name in (*flat, "exact count")]
