# A server of speech: docker build -t linnet . && docker run -p 8000:8000 -p 10200:10200 linnet
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY preprocess preprocess
COPY tts tts
RUN python -m venv /opt/linnet && /opt/linnet/bin/pip install --no-cache-dir -c constraints.txt ".[serve]"

FROM python:3.12-slim
COPY --from=build /opt/linnet /opt/linnet
RUN useradd --create-home --uid 1000 linnet
USER linnet
# Voices of your own: mount them here, and name their folders with --voice /voices/NAME.
VOLUME /voices
EXPOSE 8000 10200
HEALTHCHECK --start-period=20s CMD ["/opt/linnet/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health')"]
ENTRYPOINT ["/opt/linnet/bin/tts", "serve", "--host", "0.0.0.0"]
