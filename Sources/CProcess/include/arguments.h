#pragma once

/// The arguments of this process, as the loader hands them over. Swift's own `CommandLine` looks for them in `/proc`, which a bare root
/// folder does not have.
int prelabel_argument_count(void);
const char *prelabel_argument(int index);
