// A newer g++ would tie the library to a newer glibc (2.35) and libstdc++ (GCC 11) than PyTorch
// itself needs (2.29 and GCC 9). It calls four functions of them, and each has an older form.
#pragma once

#include <new>

__asm__(".symver pthread_once, pthread_once@GLIBC_2.2.5");
__asm__(".symver __pthread_key_create, __pthread_key_create@GLIBC_2.2.5");

extern "C" {
char __libc_single_threaded = 0;  // so that counts of references stay atomic
}

namespace std {
void __throw_bad_array_new_length() { throw bad_array_new_length(); }
}  // namespace std
