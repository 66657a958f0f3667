#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

/*
 * fuzz - what a harness is: libFuzzer calls it when configured --with-fuzzer, replay.c otherwise.
 * It asserts; it answers 0.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * In a harness that is slow: at how many places of a file replay.c varies it.
 * Without it: FUZZ_PLACES.
 */
extern const unsigned fuzz_places __attribute__((weak));
enum { FUZZ_PLACES = 400 };

#endif
