# Contacts in a container: `docker compose up`, or `docker build -t contacts .` for the image alone.
# Plain Dockerfile syntax, so that Docker's older builder, Podman and Kaniko build it as well.

# What decides the packages comes first: a change in the code does not restore them again.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS restore
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig Contacts.sln ./
COPY src/Contacts.Api/Contacts.Api.csproj src/Contacts.Api/packages.lock.json src/Contacts.Api/
COPY tests/Contacts.Tests/Contacts.Tests.csproj tests/Contacts.Tests/packages.lock.json tests/Contacts.Tests/
RUN dotnet restore Contacts.sln --locked-mode

# The test suite, run by the compose profile `test`. What it needs is in the image, so the run itself goes to no network but PostgreSQL's.
# The tests of the private PostgreSQL want its programs; all others use the server that CONTACTS_TEST_POSTGRES names.
FROM restore AS test
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql \
    && rm -rf /var/lib/apt/lists/*
COPY . .
ENTRYPOINT ["./test.sh"]

FROM restore AS publish
COPY src src
COPY docs docs
RUN dotnet publish src/Contacts.Api -c Release --no-restore -o /app

# The server stands last: it is what a build without a target makes.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS server
WORKDIR /app
COPY --from=publish /app .
# /app on PATH makes `docker compose exec server contacts token create …` read like the command it is.
# The base image's own port (8080) is taken back: CONTACTS_URLS alone says where the server listens.
ENV PATH=/app:$PATH \
    ASPNETCORE_HTTP_PORTS= \
    CONTACTS_URLS=http://0.0.0.0:5080
EXPOSE 5080
USER $APP_UID
# The program asks itself, since the base image has no curl.
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["contacts", "health"]
ENTRYPOINT ["contacts"]
CMD ["serve"]
