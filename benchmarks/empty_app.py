"""The least that a page with a slider can be: what is left is the framework's own."""

import streamlit as st

year = st.slider("Year", 2003, 2022, 2022, key="year")
with st.container(key="map"):
    st.write(year)
