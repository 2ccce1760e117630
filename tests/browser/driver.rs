//! Chromium, driven through chromedriver. Both end with the [`Driver`], however the test ends.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use openidconnect::reqwest::Method;
use serde_json::{Value, json};
use url::Url;

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes each browser's profile its own.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The programs that drive a page.
pub struct Programs {
    pub browser: PathBuf,
    driver: PathBuf,
}

impl Programs {
    /// Looks through `PATH` and the usual places.
    ///
    /// # Errors
    /// The sentence that says what is missing.
    pub fn find() -> Result<Self, String> {
        let browser = first_of(&["chromium", "chromium-browser", "google-chrome"])
            .ok_or("there is no Chromium or Chrome")?;
        let driver = first_of(&["chromedriver"]).ok_or("there is no chromedriver")?;
        Ok(Self { browser, driver })
    }
}

fn first_of(names: &[&str]) -> Option<PathBuf> {
    let path = central::config::search_path().unwrap_or_else(|| OsString::from("/usr/bin"));
    let usual =
        ["/usr/bin", "/usr/local/bin", "/usr/lib/chromium", "/snap/bin", "/opt/homebrew/bin"];
    let folders: Vec<PathBuf> =
        std::env::split_paths(&path).chain(usual.into_iter().map(PathBuf::from)).collect();
    let places = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// One browser window with a profile of its own.
pub struct Driver {
    client: Client,
    _process: Process,
}

/// chromedriver, and the folder of its browser.
struct Process {
    child: Child,
    /// Kept open: chromedriver may say more.
    _words: BufReader<ChildStdout>,
    port: u16,
    profile: PathBuf,
}

impl Process {
    fn start(programs: &Programs) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("central-browser-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&profile).expect("the temporary folder can be written");
        // It may lose its port to another one that starts at the same time.
        for _ in 0..5 {
            let (mut child, mut words) = Self::spawn(programs);
            if let Some(port) = port_of(&mut words) {
                return Self { child, _words: words, port, profile };
            }
            child.wait().expect("chromedriver ends");
        }
        panic!("chromedriver does not start");
    }

    fn spawn(programs: &Programs) -> (Child, BufReader<ChildStdout>) {
        let mut child = Command::new(&programs.driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be run");
        let words = BufReader::new(child.stdout.take().expect("a pipe"));
        (child, words)
    }
}

impl Driver {
    /// Starts chromedriver and a browser that speaks English.
    pub async fn start(programs: &Programs, is_script_on: bool) -> Self {
        let process = Process::start(programs);
        let wanted = capabilities(programs, &process.profile, is_script_on);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted.as_object().expect("an object").clone())
            .connect(&format!("http://127.0.0.1:{}", process.port))
            .await
            .expect("the browser starts");
        let driver = Self { client, _process: process };
        driver.look(1440, false).await;
        driver
    }

    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("an address").to_string()
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {css} on {}: {error}", self.url().await),
        }
    }

    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.expect("an answer").is_empty()
    }

    /// Asks an element; once more where the next page has just taken its page's place.
    async fn ask<T>(
        &self,
        css: &str,
        question: impl AsyncFn(&Element) -> Result<T, CmdError>,
    ) -> T {
        let since = Instant::now();
        loop {
            match question(&self.find(css).await).await {
                Ok(answer) => return answer,
                Err(error) => {
                    let is_gone = error.to_string().contains("stale element");
                    assert!(is_gone && since.elapsed() < PATIENCE, "{css}: {error}");
                }
            }
        }
    }

    pub async fn click(&self, css: &str) {
        self.ask(css, async |element| element.click().await).await;
    }

    /// Types into a field in place of what stands there.
    pub async fn fill(&self, css: &str, words: &str) {
        let element = self.find(css).await;
        element.clear().await.expect("a field that can be cleared");
        element.send_keys(words).await.expect("a field that can be typed into");
    }

    /// Types wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let focus = self.client.active_element().await.expect("something has the focus");
        focus.send_keys(keys).await.expect("a key");
    }

    pub async fn text(&self, css: &str) -> String {
        self.ask(css, async |element| element.text().await).await
    }

    /// What stands in a field.
    pub async fn value(&self, css: &str) -> String {
        self.ask(css, async |element| element.prop("value").await).await.unwrap_or_default()
    }

    /// Waits until an element's text has `words`; reloads between looks where `reload` is set.
    pub async fn until(&self, css: &str, words: &str, reload: bool) {
        let since = Instant::now();
        loop {
            let text = self.text(css).await;
            if text.contains(words) {
                return;
            }
            assert!(since.elapsed() < PATIENCE, "{css} says {text:?} and never {words:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
            if reload {
                self.client.refresh().await.expect("the page again");
            }
        }
    }

    /// Waits until the address has `part`.
    pub async fn until_url(&self, part: &str) {
        let since = Instant::now();
        while !self.url().await.contains(part) {
            assert!(since.elapsed() < PATIENCE, "{} and never {part}", self.url().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks inside the page's first frame, where the link leaves it, and comes out again.
    pub async fn click_in_frame(&self, css: &str) {
        self.find("iframe").await.enter_frame().await.expect("a frame");
        self.click(css).await;
        self.command(Method::POST, "frame", json!({ "id": null })).await;
    }

    /// Evaluates the body of a function. Works under the page's policy, as it comes from outside.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script that runs")
    }

    /// The same for a script that calls `arguments[0]` when it is done.
    pub async fn run_async(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect("a script that ends")
    }

    /// Changes the page's width and the colour scheme that the system asks for.
    pub async fn look(&self, width: u32, is_dark: bool) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if is_dark { "dark" } else { "light" };
        let media = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            // Pictures and checks see pages at rest.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Shows the page as it comes out of a printer: A4 upright, without its margins of 10 mm.
    pub async fn print(&self, is_dark: bool) {
        self.look(718, is_dark).await;
        let scheme = if is_dark { "dark" } else { "light" };
        let media = json!({
            "media": "print", "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Pages opened from now on run their scripts, or know that they have none.
    pub async fn let_scripts_run(&self, may_run: bool) {
        let body = json!({ "value": !may_run });
        self.devtools("Emulation.setScriptExecutionDisabled", body).await;
    }

    /// Asks for pages in this language from now on.
    pub async fn speak(&self, language: &str) {
        self.devtools("Network.enable", json!({})).await;
        let headers = json!({ "headers": { "Accept-Language": language } });
        self.devtools("Network.setExtraHTTPHeaders", headers).await;
    }

    /// Saves a picture of the window in `tests/output/`.
    pub async fn shot(&self, name: &str) {
        let picture = self.client.screenshot().await.expect("a picture");
        keep(name, &picture);
    }

    /// The same of the whole page, as far as it goes.
    pub async fn shot_of_all(&self, name: &str) {
        let body = json!({ "captureBeyondViewport": true });
        let answer = self.devtools("Page.captureScreenshot", body).await;
        let picture = answer
            .get("data")
            .and_then(Value::as_str)
            .and_then(|data| BASE64.decode(data.as_bytes()).ok());
        keep(name, &picture.expect("a picture"));
    }

    /// What the browser complained about since the last call: errors, refusals by a policy.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.command(Method::POST, "se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        let bad = entries.iter().filter(|entry| {
            let words = entry["message"].as_str().unwrap_or_default();
            entry["level"] == "SEVERE" || words.contains("Content Security Policy")
        });
        bad.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    async fn devtools(&self, name: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": name, "params": parameters });
        self.command(Method::POST, "goog/cdp/execute", body).await
    }

    async fn command(&self, method: Method, path: &'static str, body: Value) -> Value {
        let command = Raw { method, path, body };
        self.client.issue_cmd(command).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Process {
    /// `GET /shutdown` ends the browser and then chromedriver itself.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            let _ = stream.read(&mut [0; 512]);
        }
        let since = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if since.elapsed() > Duration::from_secs(5) {
                let _ = self.child.kill();
                let _ = self.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A picture, in `tests/output/`.
fn keep(name: &str, picture: &[u8]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/output/{name}.png"));
    let folder = file.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder for pictures");
    std::fs::write(file, picture).expect("a file");
}

/// A command that the protocol itself does not have.
#[derive(Debug)]
struct Raw {
    method: Method,
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), Some(self.body.to_string()))
    }
}

/// chromedriver takes a free port and says which; `None` where it ended instead.
fn port_of(words: &mut BufReader<ChildStdout>) -> Option<u16> {
    let line = words.lines().map_while(Result::ok).find(|line| line.contains("successfully on"))?;
    line.rsplit(' ').next()?.trim_end_matches('.').parse().ok()
}

fn capabilities(programs: &Programs, profile: &Path, is_script_on: bool) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--lang=en-US".to_owned(),
        format!("--user-data-dir={}", profile.display()),
    ];
    if is_root() {
        arguments.push("--no-sandbox".to_owned());
    }
    // 1 allows, 2 blocks.
    let scripts = if is_script_on { 1 } else { 2 };
    let preferences = json!({
        "intl.accept_languages": "en-US,en",
        "profile.managed_default_content_settings.javascript": scripts,
    });
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "binary": programs.browser, "args": arguments, "prefs": preferences,
        },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

/// Chromium's sandbox can't be made by root.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
