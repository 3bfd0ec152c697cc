#include "arguments.h"

static int argument_count = 0;
static char **all_arguments = 0;

__attribute__((constructor)) static void keep_arguments(int count, char **arguments) {
    argument_count = count;
    all_arguments = arguments;
}

int prelabel_argument_count(void) { return argument_count; }

const char *prelabel_argument(int index) { return all_arguments[index]; }
