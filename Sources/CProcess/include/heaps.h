#pragma once

// `mallopt` is in none of the modules that Swift makes of the C library.
#include <malloc.h>
