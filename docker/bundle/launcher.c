/*
 * Starts a program with the loader and libraries that come with it, so that nothing of the machine is needed: DIR/NAME runs
 * DIR/libexec/NAME with the libraries of DIR/lib. Linked statically; every program of a bundle is a copy of this one. PROGRAM and
 * FIRST_ARGUMENT make one that is another program's command: its `bootstrap` is `prelabel lambda`.
 */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    _exit(71);
}

int main(int argc, char **argv) {
    char program[PATH_MAX], directory[PATH_MAX], path[PATH_MAX + 64];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    /* Without /proc the name must tell: it is absolute, or relative to the current folder. */
    if (length > 0) {
        program[length] = 0;
    } else if (!realpath(argv[0], program)) {
        fail(argv[0]);
    }
    snprintf(directory, sizeof directory, "%s", program);
    char *root = dirname(directory);
#ifdef PROGRAM
    const char *name = PROGRAM;
    snprintf(strrchr(program, '/') + 1, sizeof program - strlen(root) - 1, "%s", name);
#else
    const char *name = strrchr(program, '/') + 1;
#endif

    /* Programs in DIR/tools are helpers of those in DIR. */
    size_t end = strlen(root);
    if (end > 6 && strcmp(root + end - 6, "/tools") == 0) root[end - 6] = 0;

    const char *search = getenv("PATH");
    char *tools;
    if (asprintf(&tools, "%s/tools%s%s", root, search ? ":" : "", search ? search : "") < 0) fail("asprintf");
    setenv("PATH", tools, 1);
    setenv("PRELABEL_EXECUTABLE", program, 1);
    snprintf(path, sizeof path, "%s/share/prelabel", root);
    setenv("PRELABEL_HOME", path, 0);

    /* ld.so --library-path DIR/lib --argv0 NAME DIR/libexec/NAME ARGUMENTS... */
    char loader[PATH_MAX + 64], libraries[PATH_MAX + 64];
    snprintf(loader, sizeof loader, "%s/lib/ld-linux-x86-64.so.2", root);
    snprintf(libraries, sizeof libraries, "%s/lib", root);
    snprintf(path, sizeof path, "%s/libexec/%s", root, name);
    char *head[] = {
        loader, "--library-path", libraries, "--argv0", argv[0], path,
#ifdef FIRST_ARGUMENT
        FIRST_ARGUMENT,
#endif
    };
    size_t count = sizeof head / sizeof *head;
    char **arguments = calloc((size_t)argc + count, sizeof *arguments);
    if (!arguments) fail("calloc");
    memcpy(arguments, head, sizeof head);
    memcpy(arguments + count, argv + 1, (size_t)(argc - 1) * sizeof *arguments);
    execv(loader, arguments);
    fail(loader);
}
