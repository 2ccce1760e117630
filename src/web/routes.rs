//! Every address of the product, with who may call it. The list that is registered is the list that
//! the access test walks: a route can't be in one and not in the other.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder};

use super::api;
use super::forms::FORM_BYTES_MAX;
use crate::auth::api::Scope;
use crate::auth::session;
use crate::kernel::{Error, Right};

/// Who may call an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, signed in or not.
    Public,
    /// Other servers, each with a proof of its own: the gateway, the identity provider.
    Peer,
    /// Whoever is signed in.
    SignedIn,
    /// Users of a merchant, whatever their role.
    MerchantUser,
    /// Users of a merchant whose role has the right.
    Merchant(Right),
    /// People of the platform whose role has the right.
    Staff(Right),
    /// Whoever has the right, of a merchant or of the platform.
    Both(Right),
    /// Programs, by a bearer token with the scope; cookies count for nothing.
    Api(Scope),
    /// The platform's own programs, by a token of the identity provider with the scope.
    StaffApi(Scope),
}

impl Audience {
    /// Refuses who does not belong to the audience, before the handler runs. What of the rows a
    /// handler may touch is the matter of its scope.
    fn admit(self, req: &HttpRequest) -> Result<(), Error> {
        if matches!(self, Self::Public | Self::Peer | Self::Api(_) | Self::StaffApi(_)) {
            return Ok(());
        }
        let principal = session::principal(req)?.ok_or(Error::SignInRequired)?;
        let is_merchants = principal.staff.is_none() && principal.current().is_some();
        match self {
            Self::Public | Self::Peer | Self::SignedIn | Self::Api(_) | Self::StaffApi(_) => Ok(()),
            Self::MerchantUser if is_merchants => Ok(()),
            Self::MerchantUser => Err(Error::Forbidden(None)),
            Self::Merchant(right) if is_merchants && principal.may(right) => Ok(()),
            Self::Staff(right) if principal.staff.is_some() && principal.may(right) => Ok(()),
            Self::Both(right)
                if (is_merchants || principal.staff.is_some()) && principal.may(right) =>
            {
                Ok(())
            }
            Self::Merchant(right) | Self::Staff(right) | Self::Both(right) => {
                Err(Error::Forbidden(Some(right)))
            }
        }
    }
}

/// One method of one address.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub audience: Audience,
    /// The longest body that it reads, in bytes.
    pub body_bytes_max: usize,
}

/// The route, for its audience only.
fn guarded(route: actix_web::Route, audience: Audience) -> actix_web::Route {
    if matches!(audience, Audience::Public | Audience::Peer) {
        return route;
    }
    if let Audience::Api(scope) | Audience::StaffApi(scope) = audience {
        let is_staffs = matches!(audience, Audience::StaffApi(_));
        return route.wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| async move {
            match api::admit(req.request(), scope, is_staffs).await {
                Ok(_place) => next.call(req).await,
                Err(problem) => Ok(req.error_response(problem)),
            }
        }));
    }
    route.wrap(from_fn(move |req: ServiceRequest, next: Next<BoxBody>| async move {
        match audience.admit(req.request()) {
            Ok(()) => next.call(req).await,
            Err(error) => Ok(req.error_response(error)),
        }
    }))
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
        self.add_unlisted(path, guarded(web::head().to(handler), audience));
    }

    pub fn post<H, A>(&mut self, path: &'static str, audience: Audience, handler: H)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.add(Method::POST, path, audience, web::post().to(handler));
    }

    /// A form that carries a file, of at most `body_bytes_max` bytes in all. Only who is signed in may
    /// send it.
    pub fn upload<H, A>(
        &mut self,
        path: &'static str,
        audience: Audience,
        body_bytes_max: usize,
        handler: H,
    ) where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.post(path, audience, handler);
        if let Some(route) = self.list.last_mut() {
            route.body_bytes_max = body_bytes_max;
        }
    }

    fn add(
        &mut self,
        method: Method,
        path: &'static str,
        audience: Audience,
        route: actix_web::Route,
    ) {
        self.list.push(Route { method, path, audience, body_bytes_max: FORM_BYTES_MAX });
        self.add_unlisted(path, guarded(route, audience));
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
