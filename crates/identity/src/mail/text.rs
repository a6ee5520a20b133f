//! What letters say. Plain text, with an address of this server and nobody's name: a name is chosen by whoever fills
//! in a form, and must not carry words of theirs to somebody else's mailbox.

use super::Letter;
use crate::Token;

const END: &str = "\nIf this was not you, nothing needs to be done: without this message nothing changes.\n";

/// To an address that an account was asked for.
pub(crate) fn verify(origin: &str, code: &str, link: &Token) -> Letter {
    Letter {
        subject: "Your DevMentor code".to_owned(),
        body: format!(
            "Your code is {code}. Enter it where you signed up, within ten minutes.\n\n\
             Or open this address within an hour and enter the password you chose:\n{origin}/verify#{}\n{END}",
            link.expose()
        ),
    }
}

/// To an address that has an account already, and that another one was asked for.
pub(crate) fn known(origin: &str) -> Letter {
    Letter {
        subject: "You have a DevMentor account already".to_owned(),
        body: format!(
            "Somebody asked for an account with this address, which has one.\n\n\
             Sign in:\n{origin}/sign-in\n\nIf the password is forgotten:\n{origin}/forgot\n{END}"
        ),
    }
}

/// To an address that was invited to a workspace.
pub(crate) fn invited(origin: &str, link: &Token) -> Letter {
    Letter {
        subject: "You are invited to a DevMentor workspace".to_owned(),
        body: format!(
            "Somebody who works with DevMentor at {origin} invites you.\n\n\
             Open this address within a week to see who and to where, and to join:\n{origin}/invite#{}\n\n\
             If you expect no invitation, nothing needs to be done.\n",
            link.expose()
        ),
    }
}

/// To somebody who forgot their password.
pub(crate) fn reset(origin: &str, link: &Token) -> Letter {
    Letter {
        subject: "Set a new DevMentor password".to_owned(),
        body: format!(
            "Open this address within an hour to set a new password:\n{origin}/reset#{}\n{END}",
            link.expose()
        ),
    }
}

/// To somebody whose password is another one now.
pub(crate) fn password_changed(origin: &str) -> Letter {
    Letter {
        subject: "Your DevMentor password was changed".to_owned(),
        body: format!(
            "The password of your account was changed, and you were signed out everywhere else.\n\n\
             If this was not you, set a new one now:\n{origin}/forgot\n"
        ),
    }
}

/// To somebody whose account asks for a code from now on.
pub(crate) fn factor_on(origin: &str) -> Letter {
    Letter {
        subject: "Your DevMentor account asks for a code now".to_owned(),
        body: format!(
            "Signing in to {origin} needs a code of your app from now on. Keep the recovery codes where the app is not.\n\n\
             If this was not you, set a new password now:\n{origin}/forgot\n"
        ),
    }
}

/// To somebody whose account asks for no code any more.
pub(crate) fn factor_off(origin: &str) -> Letter {
    Letter {
        subject: "Your DevMentor account asks for no code any more".to_owned(),
        body: format!(
            "The second factor of your account was removed: the password alone signs in again.\n\n\
             If this was not you, set a new password now:\n{origin}/forgot\n"
        ),
    }
}

/// To somebody whose account was entered with a recovery code.
pub(crate) fn recovery_used(origin: &str) -> Letter {
    Letter {
        subject: "A recovery code of your DevMentor account was used".to_owned(),
        body: format!(
            "Somebody signed in with a recovery code instead of a code of your app. It does not work again.\n\n\
             If this was not you, set a new password now:\n{origin}/forgot\n"
        ),
    }
}

/// To somebody whose account can be entered with that of a provider from now on. The provider's name is the operator's.
pub(crate) fn linked(origin: &str, provider: &str) -> Letter {
    Letter {
        subject: "Another way into your DevMentor account".to_owned(),
        body: format!(
            "An account of {provider} signs in to yours at {origin} from now on.\n\n\
             If this was not you, remove it under Security in your settings, and set a new password:\n{origin}/forgot\n"
        ),
    }
}
