#define _GNU_SOURCE
#include "gathering.h"
#include <fcntl.h>

int bureau_sync_part(int descriptor, long long start, long long bytes) {
    return sync_file_range(
        descriptor, start, bytes,
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}
