"""The OAuth client of Immuta, the same on every platform that has one."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices, When
from immuta_provider.model.integrations.parts import ALWAYS_EXPECTED
from immuta_provider.model.spec import Object, Spec

WITH_CERTIFICATE = When({"use_certificate": (True,)}, strict=False)
WITH_SECRET = When({"use_certificate": (False,)}, strict=False)


class OAuthPrivateKey(Object):
    """The private key behind the client's certificate."""

    key_name: Annotated[
        str | None,
        Spec(
            "keyName",
            "Immuta's name for what this key is for.",
            default="Immuta is expected to refuse the key.",
            required_when=ALWAYS_EXPECTED,
            choices=Choices("oauth client certificate", strict=False),
        ),
    ] = None
    user_filename: Annotated[
        str | None,
        Spec(
            "userFilename",
            "Name under which Immuta shows the key file to people; no file is read.",
            default="Immuta is expected to refuse the key.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    content: Annotated[
        str | None,
        Spec(
            "content",
            "The private key itself, as PEM text with its line breaks.",
            default="Immuta is expected to refuse the key.",
            required_when=ALWAYS_EXPECTED,
            secret=True,
            text_format="pem",
        ),
    ] = None


class OAuthClientConfig(Object):
    """The way in which Immuta gets access tokens as an OAuth client."""

    use_certificate: Annotated[
        bool,
        Spec(
            "useCertificate",
            "Proof of the client's identity. true: by a certificate and its private key. false: by a client secret.",
        ),
    ]
    client_id: Annotated[
        str, Spec("clientId", "Id under which the client is registered at the identity provider.")
    ]
    client_secret: Annotated[
        str | None,
        Spec(
            "clientSecret",
            "The client's secret.",
            default="The client proves itself by a certificate.",
            required_when=WITH_SECRET,
            only_when=WITH_SECRET,
            secret=True,
        ),
    ] = None
    authority_url: Annotated[
        str | None,
        Spec(
            "authorityUrl",
            "The identity provider's token endpoint, as a URL.",
            default="Immuta is expected to refuse the client.",
            required_when=ALWAYS_EXPECTED,
            equivalence="url",
        ),
    ] = None
    scope: Annotated[
        str | None,
        Spec(
            "scope",
            "OAuth scope that the client requests, such as all-apis on Databricks.",
            default="Immuta's own choice, all-apis on Databricks as far as is known.",
            computed=True,
        ),
    ] = None
    resource: Annotated[
        str | None,
        Spec(
            "resource",
            "Resource that the client requests, if the identity provider requires one.",
            default="None is named.",
        ),
    ] = None
    public_certificate_thumbprint: Annotated[
        str | None,
        Spec(
            "publicCertificateThumbprint",
            "Thumbprint of the certificate that is registered at the identity provider.",
            default="The client proves itself by a client secret.",
            required_when=WITH_CERTIFICATE,
            only_when=WITH_CERTIFICATE,
        ),
    ] = None
    oauth_private_key: Annotated[
        OAuthPrivateKey | None,
        Spec(
            "oauthPrivateKey",
            "The certificate's private key.",
            default="The client proves itself by a client secret.",
            required_when=WITH_CERTIFICATE,
            only_when=WITH_CERTIFICATE,
        ),
    ] = None
