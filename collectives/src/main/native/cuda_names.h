// What PyTorch's headers name of cuBLAS, cuSPARSE and cuSOLVER. build.sh gives this file the names
// of their headers, which come in wheels of 770 MB. None of it reaches the library.
#pragma once

typedef void* cublasHandle_t;
typedef void* cublasLtHandle_t;
typedef void* cusparseHandle_t;
typedef void* cusolverDnHandle_t;
typedef int cublasStatus_t;
typedef int cusparseStatus_t;
typedef int cusolverStatus_t;
