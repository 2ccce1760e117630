//! Clients that ask again and again over connections that are kept.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A request as it travels.
pub fn request(address: &str, page: &str, cookie: &str, gzip: bool) -> String {
    let encoding = if gzip { "gzip" } else { "identity" };
    format!(
        "GET {page} HTTP/1.1\r\nHost: {address}\r\nAccept-Language: en\r\n\
         Accept-Encoding: {encoding}\r\nCookie: {cookie}\r\n\r\n"
    )
}

/// What a run showed.
pub struct Run {
    pub times: Vec<Duration>,
    pub bytes: usize,
    pub rate: f64,
    /// Answers that were not 200.
    pub errors: usize,
}

impl Run {
    /// Of the times, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let place = (self.times.len() * percent / 100).min(self.times.len() - 1);
        self.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// `count` requests over connections that are kept; each waits for its answer.
pub fn load(address: &str, request: &str, connections: usize, count: usize) -> Run {
    let each = count.div_ceil(connections);
    let started = Instant::now();
    let runs: Vec<Client> = std::thread::scope(|scope| {
        let clients: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| client(address, request, each))).collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    let bytes = runs.first().map_or(0, |client| client.bytes);
    let errors = runs.iter().map(|client| client.errors).sum();
    let mut times: Vec<Duration> = runs.into_iter().flat_map(|client| client.times).collect();
    times.sort_unstable();
    let rate = f64::from(u32::try_from(times.len()).expect("not that many")) / seconds;
    Run { times, bytes, rate, errors }
}

/// What one connection saw: the times of its requests, the bytes of the last answer's body.
struct Client {
    times: Vec<Duration>,
    bytes: usize,
    errors: usize,
}

fn client(address: &str, request: &str, count: usize) -> Client {
    let mut stream = TcpStream::connect(address).expect("the server is there");
    stream.set_nodelay(true).expect("a socket");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let (mut body, mut errors) = (Vec::new(), 0);
    let times = (0..count).map(|_| {
        let started = Instant::now();
        stream.write_all(request.as_bytes()).expect("the server listens");
        let (is_good, length) = head(&mut answers);
        errors += usize::from(!is_good);
        body.resize(length, 0);
        answers.read_exact(&mut body).expect("a whole body");
        started.elapsed()
    });
    let times = times.collect();
    Client { times, bytes: body.len(), errors }
}

/// Reads up to the body; whether all is well, and the body's length.
fn head(answers: &mut impl std::io::BufRead) -> (bool, usize) {
    let (mut length, mut line) = (0, String::new());
    answers.read_line(&mut line).expect("a status");
    let is_good = line.contains(" 200 ");
    loop {
        line.clear();
        answers.read_line(&mut line).expect("a header");
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            return (is_good, length);
        }
    }
}
