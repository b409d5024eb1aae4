@echo off
rem Runs segtrain from an unpacked archive.
rem   JAVA_HOME         the Java to run with; else the java on the path
rem   SEGTRAIN_OPTS     options for the JVM, such as -Xmx8g
rem   SEGTRAIN_CUDA=1   run on an NVIDIA GPU; see docs/cuda.md
rem   DJL_CACHE_DIR     where the native libraries are unpacked; else .djl.ai in the home folder
setlocal disabledelayedexpansion

for %%i in ("%~dp0..") do set "SEGTRAIN_HOME=%%~fi"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -version >nul 2>&1
if not errorlevel 1 goto found
echo segtrain: Java 17 or newer is needed, but "%JAVA%" does not run 1>&2
exit /b 1

:found

set "OFFLINE=true"
set "CLASSES=%SEGTRAIN_HOME%\lib\*;%SEGTRAIN_HOME%\lib\cpu\*"
if not "%SEGTRAIN_CUDA%"=="1" goto run
rem Without the CPU build of PyTorch, which DJL would take.
set "CLASSES=%SEGTRAIN_HOME%\lib\*"
rem The version of PyTorch is in the name of the JNI library, before that of DJL.
for %%j in ("%SEGTRAIN_HOME%\lib\pytorch-jni-*.jar") do for /f "tokens=3 delims=-" %%v in ("%%~nj") do if not defined PYTORCH_VERSION set "PYTORCH_VERSION=%%v"
if not defined PYTORCH_FLAVOR set "PYTORCH_FLAVOR=cu128"
rem DJL fetches its CUDA build, once.
if not defined PYTORCH_LIBRARY_PATH set "OFFLINE=false"

:run
"%JAVA%" -Xmx2g -XX:+UseSerialGC -Djava.awt.headless=true ^
  -Dai.djl.offline=%OFFLINE% -Doffline=%OFFLINE% %SEGTRAIN_OPTS% ^
  -cp "%CLASSES%" org.segtrain.cli.Segtrain %*
exit /b %errorlevel%
