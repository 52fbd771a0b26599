# The sample secrets of Immuta's Getting Started guide, for `. ./sample-secrets.sh`. None of them opens anything.
export TF_VAR_s3_secret_access_key='123456789'
export TF_VAR_synapse_password='abc1234'
export TF_VAR_databricks_token='REDACTED'
export TF_VAR_bigquery_credential='{"type":"service_account","project_id":"innate-conquest-123456","private_key_id":"9163c12345690924f5dd218ff39","private_key":"-----BEGIN PRIVATE KEY-----
XXXXXXXro0s
/yQlPQijowkccmrmWJyr93kdLnwJzBvLHCto/+W
cvF2ygX9oM/dyUK//z//4nptMp+Ck//Yw3D4rIBwGu4DWiR1qRnf
DoGyXfThPTQ==
-----END PRIVATE KEY-----
","client_email":"service-account-id@innate-conquest-123456.iam.gserviceaccount.com","client_id":"1166290***432952487857","auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token","auth_provider_x509_cert_url":"https://www.googleapis.com/oauth2/v1/certs","client_x509_cert_url":"https://www.googleapis.com/robot/v1/metadata/x509/service-accound-id%40innate-conquest-123456.iam.gserviceaccount.com","universe_domain":"googleapis.com"}'
export TF_VAR_redshift_password='abc1234'
export TF_VAR_snowflake_password='abc1234'
