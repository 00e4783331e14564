"""Holovne, the bot that runs a newsroom's Telegram channel. A report of news walks through it once, downhill:

    intake      sources → reports → items with an identity and versions, each in a story   (collect, take)
    judgement   which reports are one event, how much it matters and why                   (pure)
    editions    the most important stories of a window, set in type                        (compose, publish)
    delivery    claim, commit, send, record: everything that goes out unasked              (deliver)
    desk · readers · web · timetable are doors: they hear people, programs and the clock; `app` joins them all.

A module named by a noun computes: values in, values out, `now` is an argument. One named by a verb acts.
"""
