// A newer g++ would tie the library to a newer glibc (2.32) and libstdc++ (GCC 11) than PyTorch
// itself needs (2.28 and GCC 9), by a variable and a function. The library has both of its own.
#pragma once

#include <new>

extern "C" {
char __libc_single_threaded = 0;  // so that counts of references stay atomic
}

// std::__throw_bad_array_new_length, by its mangled name: what is declared in std is exported.
extern "C" __attribute__((visibility("hidden"))) void throw_bad_array_new_length() __asm__(
    "_ZSt28__throw_bad_array_new_lengthv");
void throw_bad_array_new_length() { throw std::bad_array_new_length(); }
