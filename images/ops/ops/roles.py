"""PostgreSQL roles and databases, made or brought to what the configuration says."""

import psycopg
from psycopg import sql

from common.probe import ProbeError
from common.wait import postgres_accepts
from ops.config import JobConfig, Strict, secret
from ops.job import NotThereYet, retry, say


class Role(Strict):
    """A role that may log in, and the database that it owns."""

    role: str
    database: str
    password_env: str
    extensions: list[str] = []


class Config(JobConfig):
    """The server, the administrator, and what there must be."""

    host: str
    port: int = 5432
    user: str
    database: str
    password_env: str
    roles: list[Role]


def run(config: Config) -> None:
    """Raises psycopg.Error when the server refuses."""
    administrator = secret(config.password_env)
    passwords = {role.role: secret(role.password_env) for role in config.roles}
    retry(lambda: wait_for_server(config.host, config.port))

    def connect(database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=config.host, port=config.port, user=config.user, dbname=database,
            password=administrator, connect_timeout=10, autocommit=True,
        )  # fmt: skip

    with connect(config.database) as connection:
        for role in config.roles:
            ensure_role(connection, role.role, passwords[role.role])
            ensure_database(connection, role)
        databases = [role.database for role in config.roles]
        for name in {config.database, "postgres", *databases}:
            if database_owner(connection, name) is not None:
                statement = sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC")
                connection.execute(statement.format(sql.Identifier(name)))
    for role in config.roles:
        if role.extensions:
            with connect(role.database) as connection:
                for extension in role.extensions:
                    connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
                    say(f"extension {extension} in {role.database}: present")


def wait_for_server(host: str, port: int) -> None:
    """Raises NotThereYet until the server accepts connections; needs no log-in, so a wrong password is not retried."""
    try:
        postgres_accepts(f"{host}:{port}")
    except ProbeError as error:
        raise NotThereYet(f"postgres at {error}") from None


def ensure_role(connection: psycopg.Connection, name: str, password: str) -> None:
    """The password travels as its SCRAM verifier, so that no server log ever holds it."""
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(verifier)))
    administrator = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if not (administrator and administrator[0]):
        # A managed server's administrator is no superuser and may give databases only to a role that it is in.
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(name)))
    say(f"role {name}: {'password set' if exists else 'created'}")


def ensure_database(connection: psycopg.Connection, role: Role) -> None:
    """A database of the name that belongs to the role."""
    owner = database_owner(connection, role.database)
    names = {"database": sql.Identifier(role.database), "role": sql.Identifier(role.role)}
    if owner is None:
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {role}").format(**names))
    elif owner != role.role:
        connection.execute(sql.SQL("ALTER DATABASE {database} OWNER TO {role}").format(**names))
    done = "created" if owner is None else "present" if owner == role.role else f"taken over from {owner}"
    say(f"database {role.database}: {done}")


def database_owner(connection: psycopg.Connection, name: str) -> str | None:
    """The owner of a database, None when there is no such database."""
    query = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
    row = connection.execute(query, [name]).fetchone()
    return row[0] if row else None
