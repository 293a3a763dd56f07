#include "recorded_files.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

// Between SQLite's own file system and what is tested. One connection at a time goes through it.

typedef struct {
    sqlite3_file head;
    sqlite3_file *file;
    int is_log;
} recorded_file;

static sqlite3_vfs made;
static sqlite3_vfs *base;
static sqlite3_io_methods methods;

static recorded_event *events;
static int event_count, failing_after = -1, failing_code, failing_some;

static recorded_file *of(sqlite3_file *file) { return (recorded_file *)file; }

static void record(sqlite3_file *file, int what, const void *bytes, int count, sqlite3_int64 offset)
{
    events = realloc(events, (event_count + 1) * sizeof *events);
    recorded_event *event = &events[event_count++];
    *event = (recorded_event){.what = what, .is_log = of(file)->is_log, .offset = offset, .count = count};
    if (count > 0) event->bytes = memcpy(malloc(count), bytes, count);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    sqlite3_file *real = of(file)->file;
    if (of(file)->is_log && failing_after >= 0 && failing_after-- == 0) {
        int half = failing_some ? count / 2 : 0;
        if (half > 0) record(file, recorded_write, bytes, half, offset), real->pMethods->xWrite(real, bytes, half, offset);
        return failing_code;
    }
    int code = real->pMethods->xWrite(real, bytes, count, offset);
    if (code == SQLITE_OK) record(file, recorded_write, bytes, count, offset);
    return code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    record(file, recorded_truncate, NULL, 0, size);
    return of(file)->file->pMethods->xTruncate(of(file)->file, size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    int code = of(file)->file->pMethods->xSync(of(file)->file, flags);
    if (code == SQLITE_OK) record(file, recorded_sync, NULL, 0, 0);
    return code;
}

// The rest is passed on.
#define PASS(name, parameters, arguments) \
    static int name##_file parameters { return of(file)->file->pMethods->x##name arguments; }
PASS(Close, (sqlite3_file *file), (of(file)->file))
PASS(Read, (sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset), (of(file)->file, bytes, count, offset))
PASS(FileSize, (sqlite3_file *file, sqlite3_int64 *size), (of(file)->file, size))
PASS(Lock, (sqlite3_file *file, int level), (of(file)->file, level))
PASS(Unlock, (sqlite3_file *file, int level), (of(file)->file, level))
PASS(CheckReservedLock, (sqlite3_file *file, int *answer), (of(file)->file, answer))
PASS(FileControl, (sqlite3_file *file, int operation, void *argument), (of(file)->file, operation, argument))
PASS(SectorSize, (sqlite3_file *file), (of(file)->file))
PASS(DeviceCharacteristics, (sqlite3_file *file), (of(file)->file))
PASS(ShmMap, (sqlite3_file *file, int page, int size, int extends, void volatile **memory),
    (of(file)->file, page, size, extends, memory))
PASS(ShmLock, (sqlite3_file *file, int offset, int count, int flags), (of(file)->file, offset, count, flags))
PASS(ShmUnmap, (sqlite3_file *file, int removes), (of(file)->file, removes))

static void barrier_file(sqlite3_file *file) { of(file)->file->pMethods->xShmBarrier(of(file)->file); }

static int open_file(sqlite3_vfs *system, const char *name, sqlite3_file *file, int flags, int *chosen)
{
    (void)system;
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0) return base->xOpen(base, name, file, flags, chosen);
    recorded_file *opened = of(file);
    *opened = (recorded_file){.file = (sqlite3_file *)(opened + 1), .is_log = (flags & SQLITE_OPEN_WAL) != 0};
    int code = base->xOpen(base, name, opened->file, flags, chosen);
    if (opened->file->pMethods != NULL) opened->head.pMethods = &methods;
    return code;
}

int recorded_files_register(const char *name)
{
    if (sqlite3_vfs_find(name) != NULL) return SQLITE_OK;
    base = sqlite3_vfs_find(NULL);
    methods = (sqlite3_io_methods){
        .iVersion = 2, .xClose = Close_file, .xRead = Read_file, .xWrite = write_file, .xTruncate = truncate_file,
        .xSync = sync_file, .xFileSize = FileSize_file, .xLock = Lock_file, .xUnlock = Unlock_file,
        .xCheckReservedLock = CheckReservedLock_file, .xFileControl = FileControl_file,
        .xSectorSize = SectorSize_file, .xDeviceCharacteristics = DeviceCharacteristics_file,
        .xShmMap = ShmMap_file, .xShmLock = ShmLock_file, .xShmBarrier = barrier_file, .xShmUnmap = ShmUnmap_file,
    };
    made = *base;
    made.zName = strdup(name);
    made.szOsFile = (int)sizeof(recorded_file) + base->szOsFile;
    made.pNext = NULL;
    made.xOpen = open_file;
    return sqlite3_vfs_register(&made, 0);
}

void recorded_files_forget(void)
{
    for (int number = 0; number < event_count; number++) free(events[number].bytes);
    event_count = 0;
    failing_after = -1;
}

void recorded_files_fail(int after, int code, int some)
{
    failing_after = after;
    failing_code = code;
    failing_some = some;
}

int recorded_files_count(void) { return event_count; }

recorded_event recorded_files_event(int number) { return events[number]; }
