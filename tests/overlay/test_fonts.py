from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from livecam.overlay.fonts import typeface


def drawn(text: str, size: int, *, is_strong: bool = True) -> bytes:
    image = np.zeros((60, 420, 3), np.uint8)
    typeface().write(image, text, (5, 42), size=size, colour=(255, 255, 255), is_strong=is_strong)
    return image.tobytes()


@pytest.mark.parametrize("text", ["appears surprised 100 %", "≈ happy · …", "müde", "日本語"])
@pytest.mark.parametrize("size", [7, 10, 19, 33])
def test_no_text_is_wider_than_measured(text: str, size: int) -> None:
    image = np.zeros((80, 800, 3), np.uint8)
    typeface().write(image, text, (0, 50), size=size, colour=(255, 255, 255), is_strong=True)
    ink = np.flatnonzero(image.any(axis=(0, 2)))
    assert 0 < ink[-1] < typeface().measure(text, size)[0]


def test_the_sign_for_approximately_is_in_the_font() -> None:
    assert drawn("≈", 30) != drawn("?", 30)


def test_strong_text_is_bolder() -> None:
    assert sum(drawn("happy", 30)) > sum(drawn("happy", 30, is_strong=False))


def test_a_thread_keeps_its_typeface_and_shares_it_with_none() -> None:
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(typeface).result()
    assert typeface() is typeface()
    assert elsewhere is not typeface()


def test_threads_that_draw_at_once_do_not_disturb_each_other() -> None:
    jobs = [(f"appears happy {n % 7} %", 12 + n % 5) for n in range(300)]
    expected = [drawn(*job) for job in jobs]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda job: drawn(*job), jobs)) == expected
