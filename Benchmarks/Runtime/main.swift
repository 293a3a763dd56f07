internal import Glibc
internal import JSON
internal import Media

let usage = """
    bureau-bench: parts of the server alone, on a data folder of their own. Prints one line of JSON.

      bureau-bench jobs        J1: enqueue, drain, and a trickle       JOBS RATE TRICKLE_SECS LANES
      bureau-bench workflows   J2: three recorded steps to a run       SECS
      bureau-bench sleepers    runs that sleep: memory, and waking     RUNS
      bureau-bench documents   PDF: proposals of three pages           DOCUMENTS
      bureau-bench mails       SMTP: mails handed over, one by one     SECS
      bureau-bench templates   TEMPLATE: mails from one template       SECS
      bureau-bench preferences LIKES: learned anew for all people      PEOPLE
      bureau-bench engagement  ENGAGEMENT: one contact's activities    ACTIVITIES
      bureau-bench mail        MIME: read, written, signed             SECS
      bureau-bench pages       PAGE: a page of 100 KB, wholly read     PAGES
      bureau-bench pictures    PICTURE: made to fit, each by a process  PICTURES
      bureau-bench sink        a mail server; a line in, its count out

    RUN_DIR is an empty folder; everything else is optional. BENCH_DATABASE_URL names an empty database of a
    PostgreSQL server for jobs and what else keeps a database, in place of a file in the folder.
    """

func setting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
func number(_ name: String, _ standard: Int) -> Int { setting(name).flatMap(Int.init) ?? standard }

let folder = setting("RUN_DIR") ?? "/tmp/bureau-bench"
mkdir(folder, 0o700)
switch CommandLine.arguments.dropFirst().first {
case "jobs": print("JSON", try await JobBenchmark(folder).run().serialized)
case "workflows": print("JSON", try await WorkflowBenchmark.run(folder).serialized)
case "sleepers": print("JSON", try await SleeperBenchmark(folder).run().serialized)
case "documents": print("JSON", try DocumentBenchmark().run().serialized)
case "mails": print("JSON", try await SubmissionBenchmark.run().serialized)
case "templates": print("JSON", try TemplateBenchmark.run().serialized)
case "preferences": print("JSON", try await PreferenceBenchmark(folder).run().serialized)
case "engagement": print("JSON", try await EngagementBenchmark(folder).run().serialized)
case "mail": print("JSON", try MailBenchmark.run().serialized)
case "pages": print("JSON", try PageBenchmark(folder).run().serialized)
case "pictures": print("JSON", try await PictureBenchmark().run().serialized)
case MediaChild.word: MediaChild.run(CommandLine.arguments.dropFirst(2))
case "sink": try MailSink.run()
default:
    print(usage)
    exit(2)
}
