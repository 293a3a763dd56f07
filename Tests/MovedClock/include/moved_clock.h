#pragma once
/* A library to be loaded ahead of the system's own, with nothing to be called: see clock.c. */
