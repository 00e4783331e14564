"""What is not news among the rows of a site."""

import pytest

from bot.intake.kinds import kind


@pytest.mark.parametrize(
    "title",
    [
        "«Новини Донбасу» у Telegram — лише найважливіше. Підписуйтесь!",
        "⚡️ Підписуйтеся на нас у Viber",
        "Подписывайтесь на «Вести города» в Telegram",
        "Читайте нас у Facebook",
        "Більше новин — у нашому Telegram-каналі. Приєднуйтесь",
    ],
)
def test_the_newsrooms_own_advertisement_is_promo(title: str) -> None:
    assert kind(title) == "promo"


def test_a_row_that_links_to_a_channel_is_promo() -> None:
    assert kind("Новини міста щодня", "", "https://t.me/misto") == "promo"
    assert kind("У місті відкрили міст", "", "https://t.me/misto/15") == "news"


@pytest.mark.parametrize(
    "title",
    ["Головне за день: Міст відкрито. Світло повернули", "Головне за день – міст", "Главное за день. Мост открыт",
     "Головне за тиждень: міст", "🌙 Головне за 13.07.2026", "Итоги недели: мост"],
)  # fmt: skip
def test_the_days_main_stories_are_a_roundup(title: str) -> None:
    assert kind(title) == "roundup"


@pytest.mark.parametrize(
    "title",
    ["Дайджест на 18:00", "Лише найважливіше на 18:00", "Ранковий дайджест: міст", "Только самое важное на 9:00"],
)
def test_a_digest_is_known(title: str) -> None:
    assert kind(title) == "digest"


@pytest.mark.parametrize(
    "title",
    [
        "Дуров заявив, що Telegram передасть дані суду",
        "Telegram оштрафували на мільйон",
        "Главное — не паниковать: что делать при тревоге",
        "Головне за день до виборів сталося вночі",
        "Мер закликав: підписуйтесь на канал міськради",
        "«Підписуйтесь на мій канал»: шахраї виманювали гроші",
        "Помер видавець журналу «Дайджест»",
        "Хто підписався на канал окупантів у Telegram",
    ],
)
def test_news_about_telegram_is_news(title: str) -> None:
    assert kind(title) == "news"
