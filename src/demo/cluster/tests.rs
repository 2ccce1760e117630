use std::io::{BufRead as _, BufReader};
use std::os::unix::process::parent_id;
use std::process;
use std::thread;

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, sql_query, sql_types::Integer};

use super::place::Account;
use super::*;

/// A folder below the system's temporary one, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self::of_process(process::id(), name)
    }

    fn of_process(id: u32, name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("central-test-{id}-{name}"));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = Integer)]
    number: i32,
}

fn connect(cluster: &Cluster) -> PgConnection {
    PgConnection::establish(&cluster.superuser_url("postgres")).unwrap()
}

fn run_sql(cluster: &Cluster, sql: &str) {
    sql_query(sql).execute(&mut connect(cluster)).unwrap();
}

fn number(cluster: &Cluster, sql: &str) -> i32 {
    sql_query(sql).get_result::<Number>(&mut connect(cluster)).unwrap().number
}

/// Is there a Postgres behind the socket?
fn answers(socket: &Path) -> bool {
    UnixStream::connect(socket.join(".s.PGSQL.5432")).is_ok()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "{what}: waited for too long");
        thread::sleep(PAUSE);
    }
}

#[test]
fn a_restart_keeps_the_data_and_a_fresh_start_does_not() {
    let folder = Folder::new("restart");
    let since = Instant::now();
    let mut cluster = Cluster::start(&folder.0, None).unwrap();
    println!("cold start: {} ms", since.elapsed().as_millis());
    run_sql(&cluster, "CREATE EXTENSION pg_trgm");
    run_sql(&cluster, "CREATE EXTENSION btree_gin");
    run_sql(&cluster, "CREATE EXTENSION unaccent");
    run_sql(&cluster, "CREATE TABLE numbers AS SELECT 42 AS number");
    let socket = cluster.place.socket().to_owned();
    let since = Instant::now();
    cluster.stop();
    println!("stop: {} ms", since.elapsed().as_millis());
    assert!(!answers(&socket));
    drop(cluster);

    let since = Instant::now();
    let cluster = Cluster::start(&folder.0, None).unwrap();
    println!("warm start: {} ms", since.elapsed().as_millis());
    assert_eq!(number(&cluster, "SELECT number FROM numbers"), 42);
    drop(cluster);

    let cluster = Cluster::start_fresh(&folder.0, None).unwrap();
    let sql = "SELECT count(*)::int AS number FROM pg_tables WHERE tablename = 'numbers'";
    assert_eq!(number(&cluster, sql), 0);
}

#[test]
fn a_second_start_on_the_same_folder_is_refused_and_harms_nothing() {
    let folder = Folder::new("busy");
    let cluster = Cluster::start(&folder.0, None).unwrap();
    let refused = Cluster::start(&folder.0, None).unwrap_err();
    assert!(matches!(refused, ClusterError::Busy { .. }), "{refused}");
    assert!(refused.to_string().starts_with("Another demo runs on this folder"));
    assert_eq!(number(&cluster, "SELECT 1 AS number"), 1);
}

#[test]
fn postgres_outlives_the_thread_that_started_it() {
    let folder = Folder::new("thread");
    let path = folder.0.clone();
    let cluster = thread::spawn(move || Cluster::start(&path, None).unwrap()).join().unwrap();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(number(&cluster, "SELECT 1 AS number"), 1);
}

#[test]
fn postgres_ends_with_the_process_that_started_it() {
    let folder = Folder::new("killed");
    let mut owner = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", &test_name("holds_a_cluster_until_killed")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with("postgres is ready")));
    let socket = Place::find(&folder.0, Account::find().unwrap()).unwrap().socket().to_owned();
    assert!(answers(&socket));
    thread::sleep(Duration::from_millis(300));
    assert!(answers(&socket), "it ended while its owner lived");

    owner.kill().unwrap(); // SIGKILL: no code of the owner's runs any more
    owner.wait().unwrap();
    let since = Instant::now();
    wait_until("the end of postgres", || !answers(&socket));
    println!("ended {} ms after its owner", since.elapsed().as_millis());
    Cluster::start(&folder.0, None).unwrap();
}

/// Not a test: the process that the test above kills. It starts Postgres in a thread that ends, and
/// keeps it as a test binary does.
#[test]
#[ignore = "run by postgres_ends_with_the_process_that_started_it"]
fn holds_a_cluster_until_killed() {
    static CLUSTER: std::sync::OnceLock<Cluster> = std::sync::OnceLock::new();
    let folder = Folder::of_process(parent_id(), "killed");
    let path = folder.0.clone();
    thread::spawn(move || CLUSTER.get_or_init(|| Cluster::start(&path, None).unwrap()))
        .join()
        .unwrap();
    println!("postgres is ready");
    thread::sleep(PATIENCE);
}

fn test_name(function: &str) -> String {
    let (_, module) = module_path!().split_once("::").unwrap();
    format!("{module}::{function}")
}

#[test]
fn a_postgres_that_outlived_its_owner_and_a_stale_pid_file_are_cleared_away() {
    let folder = Folder::new("leftover");
    let account = Account::find().unwrap();
    let place = Place::find(&folder.0, account).unwrap();
    let programs = Programs::find(None, None, &place.data()).unwrap();
    initialise(&place, &programs).unwrap();
    let mut ownerless = launch(&place, &programs).unwrap();
    wait_until("the start of postgres", || answers(place.socket()));

    let mut cluster = Cluster::start(&folder.0, None).unwrap();
    assert!(ownerless.wait().unwrap().success());
    assert_eq!(number(&cluster, "SELECT 1 AS number"), 1);
    cluster.stop();
    drop(cluster);

    // The number of a process that lives, but is no Postgres.
    let pid_file = format!("{}\n{}\n", process::id(), place.data().display());
    fs::write(place.data().join("postmaster.pid"), pid_file).unwrap();
    Cluster::start(&folder.0, None).unwrap();
}

#[test]
fn a_long_path_gets_its_socket_elsewhere() {
    let folder = Folder::new("long");
    let deep = folder.0.join("a folder, with a name".repeat(5));
    let cluster = Cluster::start(&deep, None).unwrap();
    assert!(cluster.place.data().starts_with(fs::canonicalize(&deep).unwrap()));
    let socket = cluster.place.socket().to_owned();
    assert!(socket.starts_with("/tmp"), "{}", socket.display());
    assert_eq!(number(&cluster, "SELECT 1 AS number"), 1);
    assert_eq!(cluster.note(), None);
    drop(cluster);
    assert!(!socket.exists());
}

#[test]
fn a_folder_that_the_account_may_not_enter_gets_its_data_elsewhere() {
    if Account::find().unwrap().is_none() {
        println!("skipped: only root has folders that Postgres may not enter");
        return;
    }
    let folder = Folder::new("closed");
    make_private(&folder.0);
    let wanted = folder.0.join("data");
    let mut cluster = Cluster::start(&wanted, None).unwrap();
    let home = cluster.place.data().parent().unwrap().to_owned();
    assert!(home.starts_with("/var/tmp"));
    assert!(cluster.note().unwrap().contains(&home.display().to_string()));
    run_sql(&cluster, "CREATE TABLE numbers AS SELECT 42 AS number");
    cluster.stop();
    drop(cluster);
    let cluster = Cluster::start(&wanted, None).unwrap();
    assert_eq!(number(&cluster, "SELECT number FROM numbers"), 42);
    drop(cluster);
    fs::remove_dir_all(home).unwrap();
}

fn make_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn data_of_a_version_that_is_not_installed_is_left_alone() {
    let folder = Folder::new("version");
    let data = folder.0.join("data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "9.6\n").unwrap();
    let refused = Cluster::start(&folder.0, None).unwrap_err();
    assert!(matches!(refused, ClusterError::OtherVersion { .. }), "{refused}");
    assert!(data.join("PG_VERSION").exists());
}

#[test]
fn versions_and_accounts_are_read() {
    for (text, expected) in [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", Some(15)),
        ("postgres (PostgreSQL) 18beta1", Some(18)),
        ("postgres (PostgreSQL) 9.6.24", Some(9)),
        ("postgres", None),
    ] {
        assert_eq!(programs::major(text), expected, "{text}");
    }
    let users = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:,:/:/bin/false\n";
    let nobody = Account { name: "nobody".to_owned(), uid: 65534, gid: 65533 };
    assert_eq!(Account::named("nobody", users), Some(nobody));
    assert_eq!(Account::named("postgres", users), None);
}
