//! A browser as far as the server can see one: cookies, same-origin headers, forms with all their
//! fields, redirects followed by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use openidconnect::reqwest::{self, Method, StatusCode};
use scraper::{Html, Selector};

/// One browser, or another tab of it where it is cloned. Cookies go by host and port together, so
/// that the provider's stay with it.
#[derive(Clone)]
pub struct Browser {
    base: String,
    language: String,
    http: reqwest::Client,
    cookies: BTreeMap<(String, String), String>,
}

/// An answer, and the page in it.
pub struct Page {
    pub status: StatusCode,
    pub url: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Nothing here speaks TLS, and reading the machine's authorities takes longer than a page.
            .tls_built_in_root_certs(false)
            // The server closes a connection that waits five seconds. A test that was busy with something
            // else for so long has not noticed, and would send into the closed one.
            .pool_idle_timeout(Duration::from_secs(3))
            .build()
            .expect("a client");
        Self { base: base.to_owned(), language: "en".to_owned(), http, cookies: BTreeMap::new() }
    }

    /// Speaks another language from now on.
    pub fn speaking(mut self, language: &str) -> Self {
        language.clone_into(&mut self.language);
        self
    }

    /// An address of the product in full.
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.iter().find(|((_, known), _)| known == name).map(|(_, value)| value.clone())
    }

    /// What it sends of its cookies to an address.
    pub fn cookies_for(&self, url: &str) -> String {
        let site = site(url);
        let theirs = self.cookies.iter().filter(|((of, _), _)| *of == site);
        theirs.map(|((_, name), value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        let site = site(&self.base);
        self.cookies.insert((site, name.to_owned()), value.to_owned());
    }

    /// Asks for a page, as a browser does for somebody who follows a link; redirects are not followed.
    pub async fn get(&mut self, path: &str) -> Page {
        let url = self.url(path);
        let request = self
            .http
            .get(&url)
            .header("User-Agent", "Mozilla/5.0 (Tests)")
            .header("Sec-Fetch-Site", "none")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document");
        self.send(request, &url).await
    }

    /// Asks for a page and follows redirects.
    pub async fn open(&mut self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// Follows redirects to their end.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(location) = page.location() else { return page };
            let url = reqwest::Url::parse(&page.url)
                .and_then(|base| base.join(&location))
                .expect("an address");
            page = self.get(url.as_str()).await;
        }
        panic!("redirected ten times, last to {}", page.url);
    }

    /// Sends fields as a form of the same site.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let url = self.url(path);
        self.post_from(&url, &url, fields).await
    }

    /// The same from the page `from`.
    async fn post_from(&mut self, from: &str, url: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).expect("fields");
        let request = self
            .http
            .post(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Origin", site(url))
            .header("Referer", from)
            .body(body);
        self.send(request, url).await
    }

    /// Fills in the form of a page whose action is `action` and presses its button `button`
    /// (`name=value`, or empty). Fields that are not named keep what the page says.
    pub async fn submit(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        button: &str,
    ) -> Page {
        let mut all = page.form(action);
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        if let Some((name, value)) = button.split_once('=') {
            all.push((name.to_owned(), value.to_owned()));
        }
        let url =
            reqwest::Url::parse(&page.url).and_then(|base| base.join(action)).expect("an address");
        let fields: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_from(&page.url, url.as_str(), &fields).await
    }

    /// The same with a form that carries a file, whose name and content are `file`.
    pub async fn submit_file(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Page {
        self.submit_parts(page, action, fields, &[file]).await
    }

    /// The same with any number of files. Fields that the page does not have, such as a button's, are
    /// sent too.
    pub async fn submit_parts(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Page {
        let mut body = Vec::new();
        let mut part = |head: &str, content: &[u8]| {
            body.extend_from_slice(b"--fence\r\nContent-Disposition: form-data; ");
            body.extend_from_slice(format!("{head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        let form = page.form(action);
        for (name, value) in &form {
            let given = fields.iter().find(|(known, _)| known == name);
            let value = given.map_or(value.as_str(), |(_, value)| value);
            if name != "file" && name != "files" {
                part(&format!("name=\"{name}\""), value.as_bytes());
            }
        }
        for (name, value) in fields {
            if form.iter().all(|(known, _)| known != name) {
                part(&format!("name=\"{name}\""), value.as_bytes());
            }
        }
        for (name, content) in files {
            part(&format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv"), content);
        }
        body.extend_from_slice(b"--fence--\r\n");
        let url = self.url(action);
        let request = self
            .http
            .post(&url)
            .header("Content-Type", "multipart/form-data; boundary=fence")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Referer", &page.url)
            .body(body);
        self.send(request, &url).await
    }

    /// Any request at all.
    pub async fn request(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Page {
        let url = self.url(path);
        let mut request = self.http.request(method, &url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, &url).await
    }

    /// Through the identity provider, like a user: button, account, back.
    pub async fn sign_in(&mut self, person: &str) -> Page {
        let page = self.start_sign_in().await;
        let callback = self.choose(&page, person).await;
        self.follow(callback).await
    }

    /// Presses "Sign in": the provider's page.
    pub async fn start_sign_in(&mut self) -> Page {
        let page = self.get("/sign-in").await;
        let away = self.submit(&page, "/sign-in", &[], "").await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.body);
        let location = away.location().expect("the provider's address");
        self.get(&location).await
    }

    /// Chooses an account on the provider's page: the answer that leads back to the product.
    pub async fn choose(&mut self, page: &Page, person: &str) -> Page {
        let action = page.attribute("form", "action");
        let action = if action.is_empty() { page.url.clone() } else { action };
        self.submit_all(page, &action, &[("subject", person)]).await
    }

    async fn submit_all(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = page.fields("form");
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let url =
            reqwest::Url::parse(&page.url).and_then(|base| base.join(action)).expect("an address");
        let fields: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_from(&page.url, url.as_str(), &fields).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder, url: &str) -> Page {
        let site = site(url);
        let cookies = self.cookies_for(url);
        let mut request = request.header("Accept-Language", &self.language);
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies);
        }
        let response = request.send().await.expect("an answer");
        for value in response.headers().get_all("set-cookie") {
            self.keep(&site, value.to_str().expect("a cookie"));
        }
        Page {
            status: response.status(),
            url: url.to_owned(),
            headers: response.headers().clone(),
            body: response.text().await.expect("a body"),
        }
    }

    fn keep(&mut self, site: &str, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').expect("a cookie has a name");
        let key = (site.to_owned(), name.to_owned());
        if cookie.to_ascii_lowercase().contains("max-age=0") || value.is_empty() {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }
}

impl Page {
    pub fn location(&self) -> Option<String> {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII").to_owned())
    }

    /// The text of the first element that fits, blanks folded.
    pub fn text(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        let text: String = html
            .select(&selector)
            .next()
            .map(|element| element.text().collect())
            .unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The texts of all elements that fit.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .map(|element| {
                element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .next()
            .and_then(|element| element.value().attr(name))
            .unwrap_or_default()
            .to_owned()
    }

    pub fn has(&self, selector: &str) -> bool {
        let html = Html::parse_document(&self.body);
        html.select(&Selector::parse(selector).expect("a selector")).next().is_some()
    }

    /// Names and values of the form with this action, as the browser would send them.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        self.fields(&format!("form[action='{action}']"))
    }

    fn fields(&self, form: &str) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.body);
        let form = html.select(&Selector::parse(form).expect("a selector")).next();
        let form = form.unwrap_or_else(|| panic!("no such form on {}: {}", self.url, self.body));
        let controls = Selector::parse("input, select, textarea").expect("a selector");
        // Those that stand outside and name the form, too.
        let id = form.value().attr("id").unwrap_or("none");
        let outside = [format!("input[form='{id}']"), format!("select[form='{id}']")].join(", ");
        let outside = Selector::parse(&outside).expect("a selector");
        let chosen = Selector::parse("option[selected]").expect("a selector");
        let options = Selector::parse("option").expect("a selector");
        let mut fields = Vec::new();
        for control in form.select(&controls).chain(html.select(&outside)) {
            let attr = |name: &str| control.value().attr(name);
            let Some(name) = attr("name") else { continue };
            let kind = attr("type").unwrap_or("text");
            let value = match control.value().name() {
                "select" => {
                    let option =
                        control.select(&chosen).next().or_else(|| control.select(&options).next());
                    option.map(|option| {
                        option
                            .value()
                            .attr("value")
                            .map_or_else(|| option.text().collect(), str::to_owned)
                    })
                }
                "textarea" => Some(control.text().collect()),
                _ if matches!(kind, "checkbox" | "radio") && attr("checked").is_none() => None,
                _ if matches!(kind, "submit" | "button") => None,
                _ if matches!(kind, "checkbox" | "radio") => {
                    Some(attr("value").unwrap_or("on").to_owned())
                }
                _ => Some(attr("value").unwrap_or_default().to_owned()),
            };
            fields.extend(value.map(|value| (name.to_owned(), value)));
        }
        fields
    }

    /// What is inside `<main>`, for snapshots: ids, tokens, times and hashes made the same each time.
    pub fn main(&self) -> String {
        let html = Html::parse_document(&self.body);
        let main = html.select(&Selector::parse("main").expect("a selector")).next();
        settled(&main.expect("a page has a main part").inner_html())
    }
}

/// A text without what differs from run to run.
pub fn settled(text: &str) -> String {
    let rules: [(&str, &str); 11] = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "«id»"),
        (
            r#"(name="(?:_csrf|form_id)"(?: type="hidden")?) value="[^"]*""#,
            r#"$1 value="«secret»""#,
        ),
        (r#"(name="state" type="hidden") value="[0-9a-f]{64}""#, r#"$1 value="«state»""#),
        (r#"data-live="[0-9a-f]{16}""#, r#"data-live="«mark»""#),
        (r"/pay/[A-Za-z0-9_-]{32}", "/pay/«token»"),
        (r"127\.0\.0\.1:\d+", "«host»"),
        (r"/static/([a-z/]+[a-z.]*)\.[0-9a-f]{10}\.", "/static/$1."),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", "«instant»"),
        (r"([Tt]oday|[Oo]ggi|[Hh]oy|[Aa]ujourd’hui) \d{2}:\d{2}", "$1 «time»"),
        // The clock of snapshots begins at ten in Rome; an end of validity, 23:59, is to be seen.
        (r", 1\d:\d{2}\b", ", «time»"),
        (r"((after|before)=)[A-Za-z0-9_-]{32}", "$1«place»"),
    ];
    rules.iter().fold(text.to_owned(), |text, (pattern, to)| {
        regex::Regex::new(pattern).expect("a pattern").replace_all(&text, *to).into_owned()
    })
}

fn site(url: &str) -> String {
    reqwest::Url::parse(url).expect("an address").origin().ascii_serialization()
}
