//! Roles and what they permit, in words.

use axum::extract::State;
use base::{Clock, Permission, Role};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::extract::SignedIn;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(permissions))
}

/// What the roles of a workspace permit.
#[utoipa::path(
    get,
    path = "/permissions",
    tag = "people",
    responses((status = 200, description = "Every permission", body = api::Answer<Vec<api::PermissionInfo>>))
)]
async fn permissions(
    State(clock): State<Clock>,
    _signed_in: SignedIn,
) -> Result<Reply<api::Answer<Vec<api::PermissionInfo>>>, Problem> {
    let data = Permission::ALL.iter().map(|&permission| api::PermissionInfo {
        permission: permission_to_api(permission),
        words: permission.words().to_owned(),
        roles: ROLES.into_iter().filter(|role| *role >= permission.role()).map(role_to_api).collect(),
    });
    Ok(Reply(api::Answer { meta: api::Meta::live(clock.now()), data: data.collect() }))
}

/// The roles, the lowest first.
pub(crate) const ROLES: [Role; 4] = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];

pub(crate) fn role_to_api(role: Role) -> api::Role {
    match role {
        Role::Viewer => api::Role::Viewer,
        Role::Member => api::Role::Member,
        Role::Admin => api::Role::Admin,
        Role::Owner => api::Role::Owner,
    }
}

pub(crate) fn role_from(role: api::Role) -> Role {
    match role {
        api::Role::Viewer => Role::Viewer,
        api::Role::Member => Role::Member,
        api::Role::Admin => Role::Admin,
        api::Role::Owner => Role::Owner,
    }
}

/// Both ways between the permissions here and those on the wire.
macro_rules! both_ways {
    ($($name:ident)*) => {
        pub(crate) fn permission_to_api(permission: Permission) -> api::Permission {
            match permission {
                $(Permission::$name => api::Permission::$name,)*
            }
        }

        pub(crate) fn permission_from(permission: api::Permission) -> Permission {
            match permission {
                $(api::Permission::$name => Permission::$name,)*
            }
        }
    };
}

both_ways! {
    WorkspaceRead RepoRead TaskRead MemoryRead MentorRead RepoConnect RepoAnalyze FindingTriage TaskWrite MemoryWrite
    MentorAsk ModelUse TokenOwn MembersManage HostManage WorkspaceManage AuditRead WorkspaceDelete
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_called_the_same_on_the_wire() {
        for &permission in Permission::ALL {
            let wire = permission_to_api(permission);
            assert_eq!(serde_json::to_value(wire).unwrap(), permission.as_str());
            assert_eq!(permission_from(wire), permission);
        }
    }
}
