#include "gathering.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

// SQLite writes each frame of its log by two calls, of 24 and 4096 bytes. Here those of a transaction are kept in memory
// and written together. It is written in C, since SQLite calls it by pointers in structures of C.
//
// The reasons why this is right:
//
// - Nobody but the connection that writes looks at frames behind the last commit. So they may stay in memory until
//   then; the frame of the commit is known by its header, and all is written within that frame's own write, before
//   anybody can learn of the commit. A fault is thereby the commit's fault.
// - Where that connection itself reads, syncs, cuts or measures the log, what is kept is written before.
// - Only what is appended is kept. All else that SQLite writes (the log's header, the first frame after a rollback or a
//   new start of the log, a frame that is overwritten in place) goes to the file at once.
// - When what was kept could not be written, SQLite has already been told that it was. The log is then broken from
//   there on: reading and writing fail until the transaction has been undone. That shows in a header that is written
//   at or before the break, since a log has its frames in order.
//
// A commit's frames are handed to the base file system, which knows how to write; more than 0x1ffff bytes it would not
// write at once.

enum {
    page_size = 4096,
    log_header_size = 32,
    header_size = 24,
    frame_size = header_size + page_size,
    frames_max = 31,
};

typedef struct {
    sqlite3_file head;
    sqlite3_file *file;  // The base's, behind this struct.
    unsigned char *kept;
    int count;                // Bytes that are kept.
    sqlite3_int64 start;      // Their place in the file.
    sqlite3_int64 end;        // Where the last frame that was appended ends.
    sqlite3_int64 broken_at;  // From here on the file is not what SQLite takes it for; -1: it is.
    int fault;                // Why.
    int is_commit;            // The frame that is being written is the last one of a commit.
} log_file;

static log_file *of(sqlite3_file *file) { return (log_file *)file; }

static int write_kept(log_file *log)
{
    if (log->count == 0) return SQLITE_OK;
    int count = log->count;
    log->count = 0;
    int code = log->file->pMethods->xWrite(log->file, log->kept, count, log->start);
    if (code != SQLITE_OK) log->broken_at = log->start, log->fault = code;
    return code;
}

static int is_frame(sqlite3_int64 offset, int size)
{
    return size == header_size && offset >= log_header_size && (offset - log_header_size) % frame_size == 0;
}

static int write_through(log_file *log, const void *bytes, int size, sqlite3_int64 offset, int begins)
{
    int code = write_kept(log);
    if (code == SQLITE_OK) code = log->file->pMethods->xWrite(log->file, bytes, size, offset);
    if (code != SQLITE_OK) log->end = -1;
    else if (begins || offset == log->end) log->end = offset + size;
    return code;
}

static int log_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    log_file *log = of(file);
    int is_header = is_frame(offset, size), begins = is_header || offset == 0;
    if (begins && log->count > 0 && offset <= log->start) log->count = 0;  // What is kept was undone.
    if (begins && offset <= log->broken_at) log->broken_at = -1;
    if (log->broken_at >= 0 && offset + size > log->broken_at) return log->fault;
    if (is_header) {
        const unsigned char *pages = (const unsigned char *)bytes + 4;
        log->is_commit = (pages[0] | pages[1] | pages[2] | pages[3]) != 0;
    }
    int is_next = is_header ? offset == log->end : log->count > 0 && offset == log->start + log->count;
    // Parts of a page, and pages of another size, are not kept: their frame's end would not be seen.
    int is_part = size == header_size || size == page_size;
    if (!is_next || !is_part || log->kept == NULL || log->count + size > frames_max * frame_size)
        return write_through(log, bytes, size, offset, begins);
    if (log->count == 0) log->start = offset;
    memcpy(log->kept + log->count, bytes, size);
    log->count += size;
    log->end = offset + size;
    int is_whole = (log->end - log_header_size) % frame_size == 0;
    return is_whole && (log->is_commit || log->count == frames_max * frame_size) ? write_kept(log) : SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
    log_file *log = of(file);
    int code = write_kept(log);
    if (code != SQLITE_OK) return code;
    if (log->broken_at >= 0 && offset + size > log->broken_at) return log->fault;
    return log->file->pMethods->xRead(log->file, bytes, size, offset);
}

static int log_sync(sqlite3_file *file, int flags)
{
    log_file *log = of(file);
    int code = write_kept(log);
    if (code == SQLITE_OK && log->broken_at >= 0) code = log->fault;
    return code == SQLITE_OK ? log->file->pMethods->xSync(log->file, flags) : code;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    log_file *log = of(file);
    if (log->start >= size) log->count = 0;
    int code = write_kept(log);
    return code == SQLITE_OK ? log->file->pMethods->xTruncate(log->file, size) : code;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = write_kept(of(file));
    return code == SQLITE_OK ? of(file)->file->pMethods->xFileSize(of(file)->file, size) : code;
}

// The rest that is kept belongs to no commit.
static int log_close(sqlite3_file *file)
{
    free(of(file)->kept);
    return of(file)->file->pMethods->xClose(of(file)->file);
}

static int log_lock(sqlite3_file *file, int level) { return of(file)->file->pMethods->xLock(of(file)->file, level); }

static int log_unlock(sqlite3_file *file, int level) { return of(file)->file->pMethods->xUnlock(of(file)->file, level); }

static int log_is_reserved(sqlite3_file *file, int *answer)
{
    return of(file)->file->pMethods->xCheckReservedLock(of(file)->file, answer);
}

static int log_control(sqlite3_file *file, int operation, void *argument)
{
    return of(file)->file->pMethods->xFileControl(of(file)->file, operation, argument);
}

static int log_sector_size(sqlite3_file *file) { return of(file)->file->pMethods->xSectorSize(of(file)->file); }

static int log_characteristics(sqlite3_file *file)
{
    return of(file)->file->pMethods->xDeviceCharacteristics(of(file)->file);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

typedef struct {
    sqlite3_vfs head;
    sqlite3_vfs *base;
} gathering;

static int open_file(sqlite3_vfs *system, const char *name, sqlite3_file *file, int flags, int *chosen)
{
    sqlite3_vfs *base = ((gathering *)system)->base;
    if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, name, file, flags, chosen);
    log_file *log = of(file);
    *log = (log_file){.file = (sqlite3_file *)(log + 1), .end = -1, .broken_at = -1};
    int code = base->xOpen(base, name, log->file, flags, chosen);
    if (code != SQLITE_OK) {
        if (log->file->pMethods != NULL) log->file->pMethods->xClose(log->file);
        return code;
    }
    log->kept = malloc(frames_max * frame_size);  // Without it all is written at once.
    log->head.pMethods = &log_methods;
    return SQLITE_OK;
}

int bureau_gathering_register(const char *name, const char *base_name)
{
    if (sqlite3_vfs_find(name) != NULL) return SQLITE_OK;
    sqlite3_vfs *base = sqlite3_vfs_find(base_name);
    gathering *made = base == NULL ? NULL : malloc(sizeof *made);
    if (made == NULL) return base == NULL ? SQLITE_ERROR : SQLITE_NOMEM;
    // All but the opening is the base's, whose functions know themselves by what is copied with them.
    *made = (gathering){.head = *base, .base = base};
    made->head.zName = strdup(name);
    made->head.szOsFile = (int)sizeof(log_file) + base->szOsFile;
    made->head.pNext = NULL;
    made->head.xOpen = open_file;
    return made->head.zName == NULL ? SQLITE_NOMEM : sqlite3_vfs_register(&made->head, 0);
}
