//! Every address of the product, with who may call it. The list that is registered is the list that
//! the access test walks: a route can't be in one and not in the other.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder};

/// Who may call an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, signed in or not.
    Public,
    /// The gateway's servers.
    Gateway,
    /// Whoever is signed in.
    SignedIn,
    /// Users of a merchant who may see email payments.
    MerchantView,
    /// Users of a merchant who may create, send and cancel them.
    MerchantWrite,
    SuccessManager,
}

/// One method of one address.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub audience: Audience,
}

/// Collects routes; [`Routes::register`] gives them to actix, one resource per address, so that a
/// method that an address does not have answers 405.
#[derive(Default)]
pub struct Routes {
    list: Vec<Route>,
    resources: Vec<(&'static str, Vec<actix_web::Route>)>,
}

impl Routes {
    pub fn get<H, A>(&mut self, path: &'static str, audience: Audience, handler: H)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.add(Method::GET, path, audience, web::get().to(handler.clone()));
        self.add_unlisted(path, web::head().to(handler));
    }

    pub fn post<H, A>(&mut self, path: &'static str, audience: Audience, handler: H)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.add(Method::POST, path, audience, web::post().to(handler));
    }

    fn add(
        &mut self,
        method: Method,
        path: &'static str,
        audience: Audience,
        route: actix_web::Route,
    ) {
        self.list.push(Route { method, path, audience });
        self.add_unlisted(path, route);
    }

    fn add_unlisted(&mut self, path: &'static str, route: actix_web::Route) {
        match self.resources.iter_mut().find(|(known, _)| *known == path) {
            Some((_, routes)) => routes.push(route),
            None => self.resources.push((path, vec![route])),
        }
    }

    /// Every route, for the access test.
    #[must_use]
    pub fn listing(&self) -> &[Route] {
        &self.list
    }

    /// Gives everything to actix.
    pub fn register(self, config: &mut ServiceConfig) {
        for (path, routes) in self.resources {
            let allowed: Vec<String> = self
                .list
                .iter()
                .filter(|route| route.path == path)
                .map(|route| match route.method {
                    Method::GET => "GET, HEAD".to_owned(),
                    _ => route.method.to_string(),
                })
                .collect();
            let allow = allowed.join(", ");
            let other = web::to(move || {
                let allow = allow.clone();
                async move { HttpResponse::MethodNotAllowed().insert_header(("Allow", allow)).finish() }
            });
            let resource = routes.into_iter().fold(Resource::new(path), Resource::route);
            config.service(resource.default_service(other));
        }
    }
}
