"""The engine that is measured: SQLite in the data folder, or with ENGINE=postgresql a PostgreSQL server of the
benchmarks' own. Its settings are those that it comes with, so that what it commits is on the disk."""
import atexit, contextlib, os, pathlib, shutil, sqlite3, subprocess

ENGINE = os.environ.get("ENGINE", "sqlite")
IS_SERVER = ENGINE == "postgresql"
#: Where the server listens: a socket in this folder alone, so that the number need not be free.
PORT = 54331

cluster = None


def binary(name):
    """The newest one installed; the package puts only some of them on the path."""
    numbered = lambda path: [int(part) for part in path.parent.parent.name.split(".") if part.isdigit()]
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=numbered)
    if not (found or shutil.which(name)): raise SystemExit("no PostgreSQL is installed: apt-get install postgresql")
    return str(found[-1]) if found else shutil.which(name)


def as_server(*command, check=True):
    """Runs a command as the user that the package has made, since the server refuses to run as root."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
    ended = subprocess.run([*user, *command], cwd=cluster, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if check and ended.returncode: raise SystemExit(f"{command[0]}: {ended.stderr[-500:]} (see {cluster}/server.log)")
    return ended.returncode == 0


def begin(folder):
    """Starts the server on its files in the folder, which are kept for the next run, and stops it with this process."""
    global cluster
    if not IS_SERVER: return
    cluster = pathlib.Path(folder).resolve() / "cluster"
    is_new = not (cluster / "ready").exists()
    if is_new:
        shutil.rmtree(cluster, ignore_errors=True)
        cluster.mkdir(parents=True)
        if os.getuid() == 0: shutil.chown(cluster, "postgres", "postgres")
        as_server(
            binary("initdb"), f"--pgdata={cluster}/data", "--username=postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C")
    control = (binary("pg_ctl"), f"--pgdata={cluster}/data")
    # One that a killed run has left is taken over.
    if not as_server(*control, "status", check=False):
        options = f"-p {PORT} -k {cluster} -c listen_addresses="
        as_server(*control, "start", "--wait", f"--log={cluster}/server.log", f"--options={options}")
    atexit.register(as_server, *control, "stop", "--wait", "--mode=fast", check=False)
    if is_new:
        ask("postgres", "CREATE ROLE bureau_owner; CREATE ROLE bureau_across; CREATE ROLE bureau LOGIN NOINHERIT; "
            "GRANT bureau_owner, bureau_across TO bureau")
        (cluster / "ready").touch()


def ask(database, statement):
    """Runs a statement as the administrator; its column."""
    ended = subprocess.run(
        [binary("psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--quiet", f"--host={cluster}", f"--port={PORT}",
         "--username=postgres", f"--dbname={database}", f"--command={statement}"], capture_output=True, text=True)
    if ended.returncode: raise SystemExit(f"{statement}: {ended.stderr}")
    return [float(line) for line in ended.stdout.split()]


# A data folder's database has the name of the folder around it: seed, run.

def address(name):
    """The address of a database, which is made where there is none."""
    if ask("postgres", f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == [0]:
        ask("postgres", f"CREATE DATABASE {name} OWNER bureau_owner ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")
    return f"postgresql:///{name}?user=bureau&host={cluster}&port={PORT}"


def settings(data):
    """The settings of a server with this data folder."""
    return {"BUREAU_DATABASE_URL": address(data.parent.name)} if IS_SERVER else {}


def forget(folder):
    """Removes a folder, and its database."""
    shutil.rmtree(folder, ignore_errors=True)
    if IS_SERVER: ask("postgres", f"DROP DATABASE IF EXISTS {folder.name} WITH (FORCE)")


def copy(source, target):
    """Copies a folder whose server is down, and its database."""
    forget(target)
    shutil.copytree(source, target)
    if IS_SERVER:
        ask("postgres", f"CREATE DATABASE {target.name} OWNER bureau_owner TEMPLATE {source.name} STRATEGY file_copy")


def tidy(folder):
    """Renews statistics and clears away dead rows: Bureau does it to a file that it closes, and the other server to its
    tables some minutes later."""
    if IS_SERVER: ask(folder.name, "VACUUM (ANALYZE)")


def column(data, statement):
    """Asks a data folder's database for numbers; Bureau may be up."""
    if IS_SERVER: return ask(data.parent.name, statement)
    file = sqlite3.connect(f"file:{data}/bureau.db?mode=ro", uri=True, timeout=30)
    with contextlib.closing(file):
        return [number for number, in file.execute(statement)]


def size(data):
    """Bytes of a data folder's database."""
    if IS_SERVER: return int(ask("postgres", f"SELECT pg_database_size('{data.parent.name}')")[0])
    return sum(file.stat().st_size for file in [data / "bureau.db", *data.glob("bureau.db-wal")])


def seconds_used():
    """Processor time of the PostgreSQL server, as far as it runs; its own sums have those that have ended."""
    if not cluster: return 0
    try:
        first = (cluster / "data" / "postmaster.pid").read_text().split()[0]
        children = pathlib.Path(f"/proc/{first}/task/{first}/children").read_text().split()
    except OSError:
        return 0
    total = 0
    for pid in [first, *children]:
        with contextlib.suppress(OSError):
            text = pathlib.Path(f"/proc/{pid}/stat").read_text()
            fields = text[text.rindex(")") + 2:].split()
            total += sum(map(int, fields[11:15] if pid == first else fields[11:13]))
    return total / os.sysconf("SC_CLK_TCK")
