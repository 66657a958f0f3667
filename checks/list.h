/*
 * Every check, in the order of the output: CHECK(name) stands for checks/name.c (with '_' as '-') and its check_name. Expanded to
 * declarations and to the array in src/cmd/checks.c. The order of running is decided by needs and gives (diag/check.h).
 */
