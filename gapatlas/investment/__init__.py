"""Room `investment`: what training could change in the places of an atlas.

It asks the atlas for counts, the effect library for what is believed, and the room `training` for
what follows; it says in sentences, tables and pictures how sure that is.
"""
