"""What Gap Atlas is, what it can and can't tell, and the headline gaps."""

import streamlit as st

from gapatlas import ui
from gapatlas.languages import mark, say

ABOUT = mark(
    "Gap Atlas shows, from official counts, how many victims of human trafficking each place "
    "detects, how many persons it prosecutes and convicts, and where that is low or not reported "
    "at all."
)
LIMITS = (
    mark(
        "**It can tell** how many persons a place says it prosecuted and convicted, and how sure a "
        "comparison is."
    ),
    mark("**It can't tell** how many victims there are: counts show what is found and reported."),
    mark(
        "**Not reported is not zero.** Places that report nothing are shown as such, never as low."
    ),
    mark(
        "**Higher is not always better.** A high rate can also mean that only easy cases are "
        "brought."
    ),
)

page = ui.start_page()

st.title(say("Where laws against human trafficking go unenforced"), anchor=False)
opening = ui.opening_slot()
st.markdown("\n- ".join([f"{say(ABOUT)}\n", *(say(limit) for limit in LIMITS)]))
ui.show_headlines(page, opening)
st.page_link(
    "pages/enforcement_gaps.py",
    label=say("See every place on the map")
    if ui.has_map(page)
    else say("See the gap of every place"),
    icon=":material/map:",
)
st.page_link(
    "pages/place_profile.py",
    label=say("Read all that is known of one place"),
    icon=":material/location_on:",
)
st.page_link(
    "pages/conviction_rates.py",
    label=say("Ask how often one place's cases end in conviction"),
    icon=":material/gavel:",
)
if page.atlas.config.flow_sources():
    st.page_link(
        "pages/cross_border.py",
        label=say("See whose citizens are detected where"),
        icon=":material/public:",
    )
ui.show_freshness(page)
ui.offer_page(mark("Overview"))
ui.show_share(page)
