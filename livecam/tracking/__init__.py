"""Where faces are on every frame, and which is which: pure. Told frames' times, movements and answers.

What was found about frame k is compared with where each face was *at frame k*, and the correction is
carried to the present. Boxes are fractions of the frame; nothing here sees a pixel or a clock.
"""
